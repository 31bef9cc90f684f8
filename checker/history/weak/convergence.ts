import { sameValue, type Value } from "../../../sim/value.js";
import type { ShouldStop } from "../just-in-time.js";
import type { AnySpecification } from "../specification.js";
import { effectOf, type Observations } from "./observations.js";
import { Stopped } from "./visibility-search.js";

/**
 * The observers that come after everything has settled: those that the recording marks as final; without any mark, the
 * last of each process of those invoked after all updates had returned.
 */
export function finalObservers(observations: Observations): ReadonlySet<number> {
  const { operations, observers, updates } = observations;
  const reads = observers.filter((observer) => !updates.includes(observer));
  const marked = reads.filter((observer) => operations[observer]?.final === true);
  if (marked.length > 0) return new Set(marked);
  const settled = Math.max(-1, ...updates.map((update) => operations[update]?.returned ?? -1));
  const last = new Map<string, number>();
  for (const observer of reads) {
    if ((operations[observer]?.invoked ?? 0) > settled) last.set(observations.process[observer] ?? "", observer);
  }
  return new Set(last.values());
}

/**
 * Whether all updates can be put in one order so that the final observers answer as after all of them, and every other
 * as after some of them: eventual convergence, as far as a finite history can refute it.
 *
 * "If no new updates are made, eventually all accesses return the last updated value" (Vogels, "Eventually consistent",
 * 2009); one order for all as in strong eventual consistency (Shapiro, Preguica, Baquero and Zawirski, 2011). Of the
 * updates of unknown outcome the final observers see the same. Tries the orders one by one unless all are reads and
 * writes of cells; then linear.
 *
 * @throws Stopped when `shouldStop` says so.
 */
export function isConvergent(
  observations: Observations,
  observers: readonly number[],
  specification: AnySpecification,
  shouldStop: ShouldStop,
): boolean {
  const finals = finalObservers(observations);
  if (observations.operations.every((operation) => (specification.cell?.(operation) ?? null) !== null)) {
    return cellsConverge(observations, observers, finals, specification);
  }
  return new OrderSearch(observations, observers, finals, shouldStop).run();
}

/** Each cell on its own: its final reads agree on a value that can be the last one, and the others on any. */
function cellsConverge(
  observations: Observations,
  observers: readonly number[],
  finals: ReadonlySet<number>,
  specification: AnySpecification,
): boolean {
  const { operations, updates, precedes } = observations;
  const cellOf = (i: number) => specification.cell?.(operations[i] as never) ?? null;
  const written = (i: number): Value => {
    const access = cellOf(i);
    return access?.kind === "write" ? access.value : null;
  };
  const answer = (i: number): Value =>
    specification.answer?.(operations[i] as never, operations[i]?.output) ?? operations[i]?.output;
  const lastOf = new Map<number, Value>();
  return observers.every((observer) => {
    const cell = cellOf(observer)?.cell;
    const writers = updates.filter((update) => sameValue(cellOf(update)?.cell ?? null, cell ?? null));
    const value = answer(observer);
    const isFinal = finals.has(observer);
    const possible = writers.filter((update) => isFinal || !precedes(observer, update));
    const isInitial = sameValue(value, specification.initial);
    const untouched = isInitial && !(isFinal && writers.some((update) => operations[update]?.outcome === "ok"));
    if (!untouched && !possible.some((update) => sameValue(written(update), value))) return false;
    if (!isFinal) return true;
    const known = [...lastOf].find(([other]) => sameValue(cellOf(other)?.cell ?? null, cell ?? null));
    if (known === undefined) lastOf.set(observer, value);
    return known === undefined || sameValue(known[1], value);
  });
}

class OrderSearch {
  #steps = 0;
  /** What was tried in vain: the updates left and the states that each observer may have seen. */
  readonly #failed = new Set<string>();

  constructor(
    readonly observations: Observations,
    readonly observers: readonly number[],
    readonly finals: ReadonlySet<number>,
    readonly shouldStop: ShouldStop,
  ) {}

  run(): boolean {
    const { operations, updates } = this.observations;
    const certain = updates.filter((update) => operations[update]?.outcome === "ok");
    // Only final observers must have seen all that took effect; without any, it does not matter which did.
    const unknown = this.finals.size === 0 ? [] : updates.filter((update) => operations[update]?.outcome !== "ok");
    const start = this.observers.map(() => new Set([this.observations.space.initial]));
    for (let chosen = 0; chosen < 2 ** unknown.length; chosen += 1) {
      const seen = new Set([...certain, ...unknown.filter((_, i) => (chosen >>> i) & 1)]);
      this.#failed.clear();
      if (this.#place(updates, seen, start)) return true;
    }
    return false;
  }

  /** For each observer the states that it may have seen: of a final one just one, of others one for each subset. */
  #place(left: readonly number[], seen: ReadonlySet<number>, states: readonly ReadonlySet<number>[]): boolean {
    this.#steps += 1;
    if ((this.#steps & 255) === 0 && this.shouldStop(this.#steps)) throw new Stopped();
    if (left.length === 0) return this.#fit(states);
    const key = `${left.join()};${states.map((set) => [...set].sort((a, b) => a - b).join()).join(";")}`;
    if (this.#failed.has(key)) return false;
    const isPossible = left.some((update) => {
      const after = states.map((set, i) => this.#after(this.observers[i] ?? 0, set, update, seen));
      return (
        after.every((set) => set.size > 0) &&
        this.#place(
          left.filter((other) => other !== update),
          seen,
          after,
        )
      );
    });
    if (!isPossible) this.#failed.add(key);
    return isPossible;
  }

  #after(
    observer: number,
    states: ReadonlySet<number>,
    update: number,
    seen: ReadonlySet<number>,
  ): ReadonlySet<number> {
    const isFinal = this.finals.has(observer);
    if (isFinal && !seen.has(update)) return states;
    if (!isFinal && (update === observer || this.observations.precedes(observer, update))) return states;
    const after = new Set<number>(isFinal ? [] : states);
    for (const state of states) {
      const next = effectOf(this.observations, state, update);
      if (next >= 0) after.add(next);
    }
    return after;
  }

  #fit(states: readonly ReadonlySet<number>[]): boolean {
    return this.observers.every((observer, i) =>
      [...(states[i] ?? [])].some((state) => this.observations.space.next(state, observer) >= 0),
    );
  }
}
