/** Bounds on one explanation: counts only, so that the answer is the same on every machine. */
export interface Budget {
  /** Nodes of diagrams (states, BDD and ZDD nodes) that may exist for one engine. */
  readonly nodesMax: number;
  /** Different values of one cell, and combinations of values that one input may read, before slicing gives up. */
  readonly valuesMax: number;
  /** Rounds of joint enumeration, when no diagram fits. */
  readonly roundsMax: number;
  /** Asked now and then; true ends the work with what is certified so far. */
  readonly shouldStop?: () => boolean;
}

export const defaultBudget: Budget = { nodesMax: 4_000_000, valuesMax: 4096, roundsMax: 2000 };

/** A budget is used up: caught by the pipeline, which falls back on the next engine. */
export class OutOfBudget extends Error {
  override readonly name = "OutOfBudget";
  constructor(readonly limit: "nodes" | "values" | "rounds" | "stopped") {
    super(`The budget of ${limit} is used up.`);
  }
}

/** Counts the nodes of one attempt, and asks now and then whether to stop. */
export class Effort {
  nodes = 0;
  readonly #nodesMax: number;
  readonly #shouldStop: (() => boolean) | undefined;
  #unasked = 0;

  constructor(budget: Budget, nodesMax = budget.nodesMax) {
    this.#nodesMax = Math.min(nodesMax, budget.nodesMax);
    this.#shouldStop = budget.shouldStop;
  }

  /** @throws OutOfBudget */
  node(): void {
    this.nodes += 1;
    if (this.nodes > this.#nodesMax) throw new OutOfBudget("nodes");
    this.work();
  }

  /** @throws OutOfBudget when asked to stop. */
  work(): void {
    this.#unasked += 1;
    if (this.#unasked < 1024) return;
    this.#unasked = 0;
    if (this.#shouldStop?.() === true) throw new OutOfBudget("stopped");
  }
}

/** The result of `work`, or undefined when it runs out of budget, or recurs deeper than the stack allows. */
export function withinBudget<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof OutOfBudget || isStackOverflow(error)) return undefined;
    throw error;
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}
