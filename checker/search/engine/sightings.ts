import type { Choice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import type { NodeSlot } from "../../../sim/world.js";
import type { HandlersRun } from "../handlers.js";
import type { EngineTables } from "./engine-tables.js";

/**
 * Tells which handlers have run in the states that count. Rows are made ahead of that: when something is found, those that
 * were made for states after it are left out.
 */
export class Sightings {
  private rows: (readonly [participant: number, own: NodeSlot | undefined, choices: readonly Choice[]])[] = [];
  /** All of the states before this one has been told. */
  private told = 0;
  /** Rows may have been made for states up to this one. */
  private ahead = 0;
  private isOver = false;

  constructor(private readonly handlers: HandlersRun) {}

  /** A row has been made. */
  seeAll(participant: number, own: NodeSlot | undefined, choices: readonly Choice[]): void {
    if (this.isOver) this.handlers.seeAll(participant, own, choices);
    else this.rows.push([participant, own, choices]);
  }

  /** How many rows have been made and not been told. */
  get waiting(): number {
    return this.rows.length;
  }

  /** Rows are made for states before this one, in any order. */
  goAhead(until: number): void {
    this.ahead = Math.max(this.ahead, until);
  }

  /** The states before this one count; the first so many rows were made for them. */
  tell(next: number, rows = this.rows.length): void {
    if (next < this.ahead) return;
    this.told = next;
    if (rows === 0) return;
    for (const row of this.rows.slice(0, rows)) this.handlers.seeAll(...row);
    this.rows = this.rows.slice(rows);
  }

  /** Tells of all rows, and of those to come at once. */
  release(): void {
    for (const row of this.rows) this.handlers.seeAll(...row);
    this.rows = [];
    this.isOver = true;
  }

  /** The search has ended at one of the choices of a state, given by its position; −1 when they could not be listed. */
  endAt({ system, components, packing, visited }: EngineTables, state: number, position: number): void {
    this.rows = [];
    for (let at = this.told; at <= state; at += 1) {
      const world = components.worldOf(packing.unpack(visited.wordsOf(at), 0));
      world.nodes.forEach((slot, node) => this.handlers.visit(node, slot));
      if (at === state && position < 0) return;
      const choices = enabledChoices(system, world);
      const seen = at === state ? choices.slice(0, position + 1) : choices;
      for (const choice of seen) this.handlers.see(choice, (node) => world.nodes[node]);
    }
  }
}
