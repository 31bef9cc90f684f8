import type { Value } from "../../sim/value.js";
import { outcomeText } from "./brute-force.js";
import { contentText } from "./content.js";
import { type Budget, defaultBudget, withinBudget } from "./effort.js";
import { LazyOracle } from "./joint.js";
import { attempt, type Machine, outcomeOf } from "./machine.js";
import { lookupIn, Query } from "./query.js";
import { Transitions } from "./transitions.js";
import { ascending, type Positions } from "./witnesses.js";

/** What became of the check of one witness. */
export interface Certificate {
  /** Whether every supertrace gives the output; "unknown" when the budget does not suffice. */
  readonly isClosed: boolean | "unknown";
  /** A supertrace with another output, if there is one. */
  readonly counterexample?: Positions;
  /** Whether no position can be left out; meaningful for closed witnesses. */
  readonly isMinimal: boolean | "unknown";
  /** A position without which the witness is still closed. */
  readonly superfluous?: number;
}

export interface VerifyOptions<Output> {
  readonly budget?: Partial<Budget>;
  readonly part?: (output: Output) => Value;
}

/**
 * Checks a witness, whoever made it: closed under supertrace, and minimal. Independent of the engines: it merges equal
 * plain states and nothing else, and each counterexample is a run. Only where plain states are too many, it asks the
 * slicing oracle.
 *
 * @throws RangeError for positions that are not in the trace.
 */
export function verify<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly NoInfer<Input>[],
  input: NoInfer<Input>,
  witness: Positions,
  options: VerifyOptions<Output> = {},
): Certificate {
  const outside = witness.find((position) => !Number.isInteger(position) || position < 0 || position >= trace.length);
  if (outside !== undefined) {
    throw new RangeError(`Position ${outside} is not in the trace, whose positions are 0 to ${trace.length - 1}.`);
  }
  const checker = new Checker(machine, trace, input, { ...defaultBudget, ...options.budget }, options.part);
  const bad = checker.badSuperset(witness);
  if (bad !== undefined)
    return {
      isClosed: bad === "unknown" ? bad : false,
      ...(bad === "unknown" ? {} : { counterexample: bad }),
      isMinimal: "unknown",
    };
  let isMinimal: boolean | "unknown" = true;
  for (const position of witness) {
    const without = checker.badSuperset(witness.filter((other) => other !== position));
    if (without === undefined) return { isClosed: true, isMinimal: false, superfluous: position };
    if (without === "unknown") isMinimal = "unknown";
  }
  return { isClosed: true, isMinimal };
}

class Checker<State, Input, Output> {
  readonly #wanted: string;

  constructor(
    readonly machine: Machine<State, Input, Output>,
    readonly trace: readonly Input[],
    readonly input: Input,
    readonly budget: Budget,
    readonly part: ((output: Output) => Value) | undefined,
  ) {
    this.#wanted = outcomeText(outcomeOf(machine, trace, input), part);
  }

  /** A supertrace with another output; undefined if there is none. */
  badSuperset(kept: Positions): Positions | "unknown" | undefined {
    if (this.#isBad(kept)) return kept;
    const merged = this.#byMerging(kept);
    return merged === "unknown" ? this.#bySlicing(kept) : merged;
  }

  #isBad(positions: Positions): boolean {
    const inputs = positions.map((position) => this.trace[position] as Input);
    return outcomeText(outcomeOf(this.machine, inputs, this.input), this.part) !== this.#wanted;
  }

  #byMerging(kept: Positions): Positions | "unknown" | undefined {
    const isKept = new Set(kept);
    let level = new Map<string, Step<State>>([
      [contentText(this.machine.initial), { state: this.machine.initial, taken: undefined }],
    ]);
    let nodes = 0;
    for (const [k, input] of this.trace.entries()) {
      const next = isKept.has(k) ? new Map<string, Step<State>>() : new Map(level);
      for (const { state, taken } of level.values()) {
        nodes += 1;
        if (nodes > this.budget.nodesMax / 20 || ((nodes & 255) === 0 && this.budget.shouldStop?.() === true))
          return "unknown";
        const after = attempt(this.machine, state, input).state;
        const text = contentText(after);
        if (!next.has(text)) next.set(text, { state: after, taken: { position: k, before: taken } });
      }
      level = next;
    }
    for (const { state, taken } of level.values()) {
      if (outcomeText(attempt(this.machine, state, this.input).outcome, this.part) !== this.#wanted)
        return positionsOf(taken);
    }
    return undefined;
  }

  #bySlicing(kept: Positions): Positions | "unknown" | undefined {
    const transitions = new Transitions(this.machine as unknown as Machine<unknown, unknown, unknown>);
    const inputs = this.trace.map((input) => transitions.inputId(input));
    const actual = lookupIn(transitions.rowAfter(inputs));
    const part = this.part as ((output: unknown) => Value) | undefined;
    const query = new Query(transitions, transitions.inputId(this.input), part, undefined, actual);
    const everything = this.trace.map((_, k) => k);
    const oracle = new LazyOracle(transitions, inputs, [], everything, [query], this.budget);
    const found = withinBudget(() => ({ bad: oracle.largestBad(kept) }));
    if (found === undefined) return "unknown";
    return found.bad === undefined ? undefined : ascending(found.bad);
  }
}

interface Step<State> {
  readonly state: State;
  readonly taken: Taken | undefined;
}

interface Taken {
  readonly position: number;
  readonly before: Taken | undefined;
}

function positionsOf(taken: Taken | undefined): Positions {
  const positions: number[] = [];
  for (let link = taken; link !== undefined; link = link.before) positions.push(link.position);
  return positions.reverse();
}
