import { blindObserver } from "../../../sim/carrier.js";
import { initialWorld } from "../../../sim/initial.js";
import type { System } from "../../../sim/system.js";
import { type InSlices, unpaused } from "../../pace.js";
import { HandlersRun } from "../handlers.js";
import { Asleep } from "./asleep.js";
import { Components } from "./components.js";
import type { CountedInbox } from "./counted-inbox.js";
import { Edges } from "./edges.js";
import type { Tables } from "./explored.js";
import { InternLog } from "./intern-log.js";
import { KeyTable, keyWidth } from "./key-table.js";
import { type Layout, readField } from "./layout.js";
import { LocalSteps } from "./local-steps.js";
import { type Interned, Packing } from "./packing.js";
import { PropertyMemo } from "./property-memo.js";
import type { Room } from "./room.js";
import { Rows } from "./rows.js";
import { Sightings } from "./sightings.js";
import { StateTable, type VisitedTable, type Words } from "./state-table.js";
import { type EmptyTable, Visited } from "./visited.js";

/** All tables of a breadth-first search, which are packed anew together when an id outgrows its field. */
export class EngineTables implements Tables {
  readonly components: Components;
  readonly steps: LocalSteps;
  readonly packing: Packing;
  readonly rows: Rows;
  readonly edges: Edges;
  readonly memo: PropertyMemo;
  readonly handlers: HandlersRun;
  readonly sightings: Sightings;
  readonly visited: Visited;
  readonly asleep: Asleep;

  /**
   * @param inboxBits up to how many bits an inbox may be kept as counts of its messages.
   * @param kept where the states and the order of ids are kept: in memory of its own unless given.
   */
  constructor(
    readonly system: System,
    inboxBits: number,
    { log = new InternLog(), emptyTable = visitedTable, parents, asleep }: Keeping = {},
  ) {
    this.components = new Components(system, log, inboxBits);
    this.asleep = asleep ?? new Asleep(undefined, system.participants.length);
    this.handlers = new HandlersRun(system);
    this.sightings = new Sightings(this.handlers);
    this.steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.memo = new PropertyMemo(system, this.components, this.packing);
    this.rows = new Rows(system, this.components, this.packing, this.steps, this.sightings, this.memo.hasSteps);
    this.edges = new Edges(system, this.components, this.packing, this.steps);
    this.visited = new Visited(system, this.components, this.packing, emptyTable, parents);
  }

  get states(): VisitedTable {
    return this.visited.table;
  }

  /**
   * The words of the initial state, for which the tables have been given room.
   *
   * @throws NodeFailure when the code of a node's start fails.
   */
  initial(): Words {
    const { components, packing, edges } = this;
    const world = initialWorld(this.system, blindObserver(this.system));
    components.idsOf(world);
    for (const participant of packing.overfull()) {
      const messages = (components.counted[participant] as CountedInbox).messagesIn(world.network.inbox(participant));
      edges.internInbox(participant, edges.beginInterning(participant), messages);
    }
    this.widen();
    const words = new Uint32Array(packing.width);
    packing.pack(components.idsOf(world), words);
    return words;
  }

  /** Makes room for more ids where some have outgrown their fields. */
  widen(): void {
    unpaused(this.widening().work);
  }

  /** Makes room for more ids where some have outgrown their fields; until it is done, the states cannot be read either. */
  widening(): Room {
    const room: Room = { bytes: 0, work: this.makeWider((bytes) => (room.bytes = bytes)) };
    return room;
  }

  private *makeWider(tell: (bytes: number) => void): InSlices<void> {
    const interned = new Map<number, Map<number, number>>();
    for (const participant of this.packing.overfull()) interned.set(participant, yield* this.intern(participant));
    const before = this.packing.widen();
    tell(this.visited.bytesToRelayout());
    yield;
    yield* this.relayout(before, interned);
  }

  /** Packs all states anew as they are: see `Visited.compact`. */
  repacking(): Room {
    return { bytes: 0, work: this.relayout(this.packing.layout) };
  }

  /** Packs as another search did. */
  adopt(layout: Layout): void {
    unpaused(this.relayout(this.packing.adopt(layout)));
  }

  /** After the packing has changed from this layout. */
  private *relayout(before: Layout, interned?: Interned): InSlices<void> {
    yield* this.visited.relayout(before, interned);
    this.rows.relayout();
    this.memo.relayout();
  }

  /** Makes the inboxes of a participant interned values, which were counts; gives the id of each that was visited. */
  private *intern(participant: number): InSlices<Map<number, number>> {
    const { arena, width, size } = this.visited.table;
    const field = this.packing.field(this.components.inboxComponent(participant));
    const counted = this.components.counted[participant] as CountedInbox;
    const empty = this.edges.beginInterning(participant);
    const ids = new Map<number, number>();
    for (let state = 0; state < size; state += 1) {
      if (state % 1024 === 1023) yield;
      const count = readField(arena, state * width, field);
      if (!ids.has(count)) ids.set(count, this.edges.internInbox(participant, empty, counted.messagesOf(count)));
    }
    return ids;
  }
}

export interface Keeping {
  readonly log?: InternLog;
  readonly emptyTable?: EmptyTable;
  readonly parents?: Uint32Array;
  readonly asleep?: Asleep;
}

/** A breadth-first search asks only whether a state is new, not which one it is. */
function visitedTable(width: number, before?: VisitedTable): VisitedTable {
  return (width === keyWidth ? new KeyTable() : new StateTable(width)).inPlaceOf(before);
}
