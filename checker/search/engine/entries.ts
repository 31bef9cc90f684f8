import type { Lull } from "./asleep.js";
import type { Components } from "./components.js";
import type { CountedInbox } from "./counted-inbox.js";
import { type Field, writeField } from "./layout.js";
import type { Effects, LocalStep, Place } from "./local-step.js";
import type { Packing } from "./packing.js";
import { grown, type Words } from "./state-table.js";

/** What an entry does to a state's words: it flips bits; and then, in this order, the rest. */
export const plainEntry = 0;
/** Sets bits for the messages that it sends, each of which has a field of one bit; those in `guards` must not be set yet. */
export const sendingEntry = 1;
/** Has the effects of its step, one by one. */
export const entryWithEffects = 2;
/** Takes its message from a field of several bits, and has the effects of its step, if any. */
export const takingEntry = 3;
export const entryThatFails = 4;

/** A step as it stands in its row: its position among the row's choices, and what it does to what sleeps. */
interface InRow {
  readonly position: number;
  readonly lull: Lull;
  readonly isWritten: boolean;
}

/** The steps in memo rows, by number, and what each does to the words of a state in the present layout. */
export class Entries {
  /** For each: what to flip of its participant's own ids, what to set, and what of that must not be set. */
  flips: Words;
  sets: Words;
  guards: Words;
  kinds: Uint32Array = new Uint32Array(64);
  /** For each: its position among its row's choices. */
  positions: Uint32Array = new Uint32Array(64);
  /** For each: which participants it leaves asleep, and which it puts to sleep (see `Asleep`). */
  leavesAsleep: Uint32Array = new Uint32Array(64);
  putsAsleep: Uint32Array = new Uint32Array(64);
  readonly steps: LocalStep[] = [];
  readonly places: Place[] = [];

  constructor(
    private readonly components: Components,
    private readonly packing: Packing,
  ) {
    const length = 64 * packing.width;
    [this.flips, this.sets, this.guards] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
  }

  get size(): number {
    return this.steps.length;
  }

  /** Adds a step; `isWritten` is false when the packing has no room for what it does, and will be changed before it is used. */
  add(place: Place, step: LocalStep, { position, lull, isWritten }: InRow): void {
    const entry = this.size;
    this.steps.push(step);
    this.places.push(place);
    if (entry === this.kinds.length) {
      [this.kinds, this.positions] = [grown(this.kinds), grown(this.positions)];
      [this.leavesAsleep, this.putsAsleep] = [grown(this.leavesAsleep), grown(this.putsAsleep)];
    }
    if ((entry + 1) * this.packing.width > this.flips.length) {
      [this.flips, this.sets, this.guards] = [grown(this.flips), grown(this.sets), grown(this.guards)];
    }
    this.positions[entry] = position;
    this.leavesAsleep[entry] = lull.leaves;
    this.putsAsleep[entry] = lull.puts;
    if (isWritten) this.write(entry);
  }

  /** After the packing has changed. */
  relayout(): void {
    let length = 64 * this.packing.width;
    while (length < this.size * this.packing.width) length *= 2;
    [this.flips, this.sets, this.guards] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
    for (let entry = 0; entry < this.size; entry += 1) this.write(entry);
  }

  private write(entry: number): void {
    const { components, packing } = this;
    const place = this.places[entry] as Place;
    const step = this.steps[entry] as LocalStep;
    const at = entry * packing.width;
    const flip = (component: number, before: number, after: number): void => {
      if (before !== after) writeField(this.flips, at, packing.field(component), before ^ after);
    };
    flip(components.slotComponent(place.participant), place.slot, step.slot);
    flip(components.inboxComponent(place.participant), place.inbox, step.inbox);
    flip(components.faultsComponent, place.faults, step.faults);
    this.kinds[entry] = this.kindOf(place, step, at);
  }

  private kindOf({ participant }: Place, step: LocalStep, at: number): number {
    if (step.failure !== undefined) return entryThatFails;
    // A message has no place when the log is made again and its inbox becomes a value later: the entry will not be used.
    if (step.taken !== undefined && this.components.counted[participant]?.fields[step.taken] !== undefined) {
      const field = this.packing.countField(participant, step.taken);
      if (field.bits > 1) return takingEntry;
      setBit(this.flips, at, field);
    }
    if (step.effects === undefined) return plainEntry;
    return this.writeSends(step.effects, at) ? sendingEntry : entryWithEffects;
  }

  /** Writes the bits to set; false if the effects are more than that. */
  private writeSends({ receivers, items, observations }: Effects, at: number): boolean {
    const { components, packing } = this;
    if (observations.length > 0) return false;
    const fields = receivers.map((receiver, i) => {
      const inbox = components.counted[receiver];
      return inbox?.fields[items[i] as number] === undefined
        ? undefined
        : { inbox, field: packing.countField(receiver, items[i] as number) };
    });
    if (!fields.every(isOneBit)) return false;
    const places = fields.map(({ field: { word, shift } }) => word * 32 + shift);
    if (new Set(places).size < places.length) return false;
    fields.forEach(({ inbox, field }, i) => {
      setBit(this.sets, at, field);
      if (!inbox.isInSet(items[i] as number)) setBit(this.guards, at, field);
    });
    return true;
  }
}

function isOneBit(
  place: { readonly inbox: CountedInbox; readonly field: Field } | undefined,
): place is { readonly inbox: CountedInbox; readonly field: Field } {
  return place?.field.bits === 1;
}

function setBit(words: Words, at: number, { word, shift }: Field): void {
  words[at + word] = (words[at + word] as number) | (1 << shift);
}
