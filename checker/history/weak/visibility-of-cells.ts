import { encode } from "../../../sim/value.js";
import type { Culprit } from "../judgement.js";
import type { ShouldStop } from "../just-in-time.js";
import type { AnySpecification, CellAccess } from "../specification.js";
import { BitSet } from "./bit-set.js";
import type { Guarantees } from "./guarantees.js";
import { nameOf, type Observations } from "./observations.js";
import { Stopped } from "./visibility-search.js";

/** That a history of reads and writes can be explained, or one reason why it cannot. */
export type CellResult =
  { readonly kind: "explained" } | { readonly kind: "refuted"; readonly culprits: readonly Culprit[] };

/**
 * Whether the guarantees can hold, for objects whose content is what was written last.
 *
 * Once it is known which write each read reads from, what must have been seen is a least fixed point, and a refutation
 * is a read that must have seen a write which overwrites the one that it reads, or a cycle in the common order (the
 * "bad patterns" of Bouajjani, Enea, Guerraoui and Hamza, 2017). With values that are written once there is nothing to
 * choose, and it is polynomial; otherwise the writes to read from are tried one by one.
 *
 * @throws Stopped when `shouldStop` says so.
 */
export function explainCells(
  observations: Observations,
  specification: AnySpecification,
  guarantees: Guarantees,
  shouldStop: ShouldStop,
): CellResult {
  return new CellExplanation(observations, specification, guarantees, shouldStop).run();
}

/** Whether all operations read or write a cell. */
export function isOfCells(observations: Observations, specification: AnySpecification): boolean {
  return observations.operations.every((operation) => (specification.cell?.(operation) ?? null) !== null);
}

/** Reads the initial content. */
const initially = -1;

class CellExplanation {
  readonly #cells: readonly string[];
  readonly #below: BitSet[] = [];
  readonly #seen: BitSet[] = [];
  readonly #sources: readonly (readonly number[])[];
  readonly #size: number;
  #first: CellResult | undefined;
  #tried = 0;

  constructor(
    readonly observations: Observations,
    readonly specification: AnySpecification,
    readonly guarantees: Guarantees,
    readonly shouldStop: ShouldStop,
  ) {
    this.#size = observations.operations.length;
    this.#cells = observations.operations.map((_, i) => encode(this.#access(i).cell));
    const writers = new Map<string, number[]>();
    for (const update of observations.updates) {
      const access = this.#access(update);
      const name = `${this.#cells[update]}=${encode(access.kind === "write" ? access.value : null)}`;
      writers.set(name, [...(writers.get(name) ?? []), update]);
    }
    this.#sources = observations.observers.map((observer) => this.#sourcesOf(observer, writers));
  }

  run(): CellResult {
    const thinAir = this.#sources.findIndex((sources) => sources.length === 0);
    if (thinAir >= 0) return this.#refuted(thinAir, "no operation that it may have seen wrote this");
    const chosen: number[] = [];
    if (this.#choose(chosen)) return { kind: "explained" };
    return this.#first ?? { kind: "explained" };
  }

  #choose(chosen: number[]): boolean {
    const sources = this.#sources[chosen.length];
    if (sources === undefined) {
      this.#tried += 1;
      if (this.shouldStop(this.#tried)) throw new Stopped();
      const result = this.#refute(chosen);
      this.#first ??= result ?? undefined;
      return result === null;
    }
    for (const source of sources) {
      chosen.push(source);
      if (this.#choose(chosen)) return true;
      chosen.pop();
    }
    return false;
  }

  #sourcesOf(observer: number, writers: ReadonlyMap<string, readonly number[]>): readonly number[] {
    const { operations, precedes } = this.observations;
    const operation = operations[observer];
    if (operation === undefined) return [];
    const value = encode(this.specification.answer?.(operation, operation.output) ?? operation.output);
    const sources = (writers.get(`${this.#cells[observer]}=${value}`) ?? []).filter(
      (update) => update !== observer && !precedes(observer, update),
    );
    return value === encode(this.specification.initial) ? [...sources, initially] : sources;
  }

  #refute(chosen: readonly number[]): CellResult | null {
    this.#fix(chosen);
    const { observers } = this.observations;
    for (const [i, observer] of observers.entries()) {
      const source = chosen[i] ?? initially;
      for (const update of this.#seen[observer]?.members() ?? []) {
        if (update === observer || this.observations.precedes(observer, update) || this.#below[update]?.has(update)) {
          return this.#refuted(i, `it must have seen ${nameOf(this.observations, update)}, which comes after it`);
        }
        if (this.#cells[update] !== this.#cells[observer] || update === source) continue;
        if (source === initially || this.#below[update]?.has(source)) {
          return this.#refuted(
            i,
            `it must have seen ${nameOf(this.observations, update)}, which overwrites what it read`,
          );
        }
      }
    }
    return this.guarantees.oneOrder ? this.#refuteOrder(chosen) : null;
  }

  /** The least sets of updates that must have been seen. */
  #fix(chosen: readonly number[]): void {
    const { operations, observers, updates } = this.observations;
    for (let i = 0; i < this.#size; i += 1) {
      this.#below[i] = new BitSet(this.#size);
      this.#seen[i] = new BitSet(this.#size);
    }
    observers.forEach((observer, i) => {
      const source = chosen[i] ?? initially;
      if (source !== initially) this.#seen[observer]?.add(source);
    });
    const isObserver = new Set(observers);
    const isUpdate = new Set(updates);
    for (let changed = true; changed;) {
      changed = false;
      const before = new Map<string, { writes: BitSet; seen: BitSet }>();
      for (let i = 0; i < this.#size; i += 1) {
        const process = operations[i]?.process ?? "";
        const own = before.get(process) ?? { writes: new BitSet(this.#size), seen: new BitSet(this.#size) };
        before.set(process, own);
        if (isObserver.has(i) && this.#grow(i, own)) changed = true;
        if (isObserver.has(i)) own.seen.addAll(this.#seen[i] as BitSet);
        if (isUpdate.has(i) && this.#growBelow(i, own)) changed = true;
        if (isUpdate.has(i) && operations[i]?.outcome === "ok") own.writes.add(i);
      }
    }
  }

  #grow(observer: number, own: { readonly writes: BitSet; readonly seen: BitSet }): boolean {
    const seen = this.#seen[observer] as BitSet;
    let changed = this.guarantees.readYourWrites && seen.addAll(own.writes);
    if (this.guarantees.monotonicReads && seen.addAll(own.seen)) changed = true;
    for (const update of [...seen.members()]) if (seen.addAll(this.#below[update] as BitSet)) changed = true;
    return changed;
  }

  #growBelow(update: number, own: { readonly writes: BitSet; readonly seen: BitSet }): boolean {
    const below = this.#below[update] as BitSet;
    let changed = this.guarantees.monotonicWrites && below.addAll(own.writes);
    if (this.guarantees.writesFollowReads && below.addAll(own.seen)) changed = true;
    for (const other of [...below.members()]) if (below.addAll(this.#below[other] as BitSet)) changed = true;
    return changed;
  }

  /** One common order: what was seen of a cell comes before what was read of it. */
  #refuteOrder(chosen: readonly number[]): CellResult | null {
    const earlier = new Map<number, Set<number>>();
    const all = new BitSet(this.#size);
    for (const [i, observer] of this.observations.observers.entries()) {
      const seen = this.#seen[observer] as BitSet;
      all.addAll(seen);
      const source = chosen[i] ?? initially;
      if (source === initially) continue;
      const before = earlier.get(source) ?? new Set<number>();
      earlier.set(source, before);
      for (const update of seen.members()) {
        if (update !== source && this.#cells[update] === this.#cells[observer]) before.add(update);
      }
    }
    const left = new Set(all.members());
    for (let changed = true; changed;) {
      changed = false;
      for (const update of left) {
        const before = [...(this.#below[update]?.members() ?? []), ...(earlier.get(update) ?? [])];
        if (before.some((other) => left.has(other))) continue;
        left.delete(update);
        changed = true;
      }
    }
    if (left.size === 0) return null;
    const blamed = this.observations.observers.findIndex((_, i) => left.has(chosen[i] ?? initially));
    const names = [...left].map((update) => nameOf(this.observations, update)).join(", ");
    return this.#refuted(Math.max(0, blamed), `the reads put these writes in no common order: ${names}`);
  }

  #refuted(index: number, reason: string): CellResult {
    const observer = this.observations.observers[index] ?? 0;
    return { kind: "refuted", culprits: [{ operation: this.observations.operations[observer]?.id ?? 0, reason }] };
  }

  #access(i: number): CellAccess {
    const operation = this.observations.operations[i];
    const access = operation === undefined ? null : (this.specification.cell?.(operation) ?? null);
    if (access === null) throw new Error("An operation without a cell came here: this is a bug of the checker.");
    return access;
  }
}
