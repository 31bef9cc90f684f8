import { type Culprit, type HistoryJudgement, type JudgeOptions, stopped } from "./judgement.js";
import type { SearchResult, ShouldStop } from "./just-in-time.js";
import { linearizable, mayMatter } from "./linearizable.js";
import type { History, Operation } from "./operation.js";
import type { AnySpecification } from "./specification.js";
import { productSpace, type StateSpace } from "./state-space.js";
import { TupleTable } from "./tuple-table.js";

/**
 * Whether the history is sequentially consistent (Lamport, "How to make a multiprocessor computer that correctly
 * executes multiprocess programs", 1979): whether one order of all operations is legal and keeps each process's own
 * order. Real time does not count, and keys cannot be judged one by one.
 *
 * What is linearizable is sequentially consistent, so that is tried first. The search is depth first over (which
 * operations are placed, state), each visited once; exponential in the worst case.
 */
export function sequential(
  history: History,
  specification: AnySpecification,
  options: JudgeOptions = {},
): HistoryJudgement {
  const stronger = linearizable(history, specification, options);
  if (stronger.kind === "holds") return stronger;
  const operations = history.filter((operation) => mayMatter(operation, specification));
  const space = productSpace(specification, operations);
  const result = new ProgramOrderSearch(space, operations).run(options.shouldStop ?? (() => false));
  const ids = (numbers: readonly number[]) => numbers.map((i) => operations[i]?.id ?? 0);
  switch (result.kind) {
    case "found":
      return { kind: "holds", order: ids(result.order) };
    case "stopped":
      return { kind: "unknown", limit: stopped };
    case "impossible": {
      const culprits = blocked(operations, space, result.prefix);
      const detail =
        `No order of the ${operations.length} operations that keeps each process's own order fits their answers. The ` +
        `longest legal prefix has ${result.prefix.length} of them.`;
      return { kind: "violated", prefix: ids(result.prefix), culprits, detail };
    }
  }
}

function blocked(operations: readonly Operation[], space: StateSpace, prefix: readonly number[]): readonly Culprit[] {
  const placed = new Set(prefix);
  const before = previousInProcess(operations);
  let state = space.initial;
  for (const i of prefix) state = space.next(state, i);
  return operations.flatMap((operation, i) => {
    const isNext = !placed.has(i) && operation.outcome !== "info" && (before[i] === -1 || placed.has(before[i] ?? -1));
    return isNext ? [{ operation: operation.id, reason: space.reason(state, i) }] : [];
  });
}

interface Frame {
  readonly state: number;
  readonly pathLength: number;
  readonly candidates: readonly number[];
  cursor: number;
}

class ProgramOrderSearch {
  readonly #placed: Int32Array;
  readonly #visited: TupleTable;
  readonly #path: number[] = [];
  #best: readonly number[] = [];
  readonly #completed: number;
  readonly #before: Int32Array;
  #placedCompleted = 0;
  #bestCompleted = -1;

  constructor(
    readonly space: StateSpace,
    readonly operations: readonly Operation[],
  ) {
    this.#before = previousInProcess(operations);
    this.#completed = operations.filter((operation) => operation.outcome !== "info").length;
    this.#placed = new Int32Array(1 + ((operations.length + 31) >>> 5));
    this.#visited = new TupleTable(this.#placed.length);
  }

  run(shouldStop: ShouldStop): SearchResult {
    const frames: Frame[] = [];
    let steps = 0;
    this.#enter(this.space.initial, frames);
    for (;;) {
      if (this.#placedCompleted === this.#completed) return { kind: "found", order: [...this.#path] };
      const frame = frames.at(-1);
      if (frame === undefined) return { kind: "impossible", prefix: this.#best };
      steps += 1;
      if ((steps & 255) === 0 && shouldStop(steps)) return { kind: "stopped", prefix: this.#best };
      this.#backTo(frame.pathLength);
      const operation = frame.candidates[frame.cursor];
      frame.cursor += 1;
      if (operation === undefined) frames.pop();
      else {
        this.#place(operation);
        this.#enter(this.space.next(frame.state, operation), frames);
      }
    }
  }

  /** Places the reads that fit, then opens a frame unless the configuration was here before. */
  #enter(state: number, frames: Frame[]): void {
    // What a placed read makes free stands behind it in the list.
    for (let i = 0; i < this.operations.length; i += 1) {
      if (this.#isFree(i) && this.space.isRead(i) && this.space.next(state, i) >= 0) this.#place(i);
    }
    this.#placed[0] = state;
    const before = this.#visited.size;
    if (this.#visited.add(this.#placed) < before) return;
    this.#keepBest();
    frames.push({ state, pathLength: this.#path.length, candidates: this.#candidates(state), cursor: 0 });
  }

  #candidates(state: number): readonly number[] {
    const candidates: number[] = [];
    for (let i = 0; i < this.operations.length; i += 1) {
      if (!this.#isFree(i) || this.space.isRead(i)) continue;
      const after = this.space.next(state, i);
      const isPointless = this.operations[i]?.outcome === "info" && after === state;
      if (after >= 0 && !isPointless) candidates.push(i);
    }
    const returned = (i: number): number => this.operations[i]?.returned ?? Infinity;
    return candidates.sort((a, b) => (returned(a) === returned(b) ? a - b : returned(a) - returned(b)));
  }

  #isFree(i: number): boolean {
    const before = this.#before[i] ?? -1;
    return !this.#isPlaced(i) && (before < 0 || this.#isPlaced(before));
  }

  #isPlaced(i: number): boolean {
    return (((this.#placed[1 + (i >>> 5)] ?? 0) >>> (i & 31)) & 1) === 1;
  }

  #place(i: number): void {
    this.#path.push(i);
    this.#placed[1 + (i >>> 5)] = (this.#placed[1 + (i >>> 5)] ?? 0) | (1 << (i & 31));
    if (this.operations[i]?.outcome !== "info") this.#placedCompleted += 1;
  }

  #backTo(length: number): void {
    while (this.#path.length > length) {
      const i = this.#path.pop() ?? 0;
      this.#placed[1 + (i >>> 5)] = (this.#placed[1 + (i >>> 5)] ?? 0) & ~(1 << (i & 31));
      if (this.operations[i]?.outcome !== "info") this.#placedCompleted -= 1;
    }
  }

  #keepBest(): void {
    if (this.#placedCompleted <= this.#bestCompleted) return;
    this.#bestCompleted = this.#placedCompleted;
    this.#best = [...this.#path];
  }
}

/**
 * The operation that comes before each in its process, or -1. One of unknown outcome comes before nothing: it may take
 * effect at any later time.
 */
function previousInProcess(operations: readonly Operation[]): Int32Array {
  const last = new Map<string, number>();
  return Int32Array.from(operations, (operation, i) => {
    const previous = last.get(operation.process) ?? -1;
    if (operation.outcome !== "info") last.set(operation.process, i);
    return previous;
  });
}
