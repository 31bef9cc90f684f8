import type { Value } from "../../sim/value.js";

/**
 * A deterministic state machine, as in Whittaker et al. (SoCC 2018), section 2.3.
 *
 * States, inputs and outputs are values that compare by content; `step` is pure. Nothing else need be written: the
 * optional members only make explanations faster. A step that throws gives an outcome of its own kind and leaves the
 * state as it was, in the recorded trace and on every hypothetical subtrace alike.
 */
export interface Machine<State, Input, Output> {
  readonly initial: State;
  readonly step: (state: State, input: Input) => { readonly state: State; readonly output: Output };
  /** Fields of a state that is a Record whose own fields and keys are to be followed too. None unless given. */
  readonly nested?: readonly string[];
  /**
   * Parts that together determine the output of `input`, each explained on its own. For an output that is a set, the
   * parts must cover every member that could appear on some subtrace, not only those that did. Undefined: no parts.
   */
  readonly components?: (input: Input, trace: readonly Input[]) => readonly Component<Input, Output>[] | undefined;
  /** The output of `input` as an expression over cells, so that equal intermediate values merge. Undefined: none. */
  readonly lifted?: (input: Input) => Lifted | undefined;
  /** All cells that `input` may read or write; touching another one is an error. Undefined: unknown. */
  readonly footprint?: (input: Input) => readonly CellPath[] | undefined;
}

/** A part of an output: what `part` (everything, unless given) makes of the output of `input`. */
export interface Component<Input, Output> {
  readonly input: Input;
  readonly part?: (output: Output) => Value;
}

/** The name of a cell: `[]` the whole state, `[field]`, `[key]`, or `[field, key]`. */
export type CellPath = readonly Value[];

/** An output written with two operations: reading a cell (undefined if it is absent), and applying a function. */
export type Lifted = <T>(operations: LiftedOperations<T>) => T;

export interface LiftedOperations<T> {
  read(...path: CellPath): T;
  /** `f` must be pure; it is called once per combination of the values that its arguments may have. */
  apply(f: (...values: never[]) => Value, ...values: readonly T[]): T;
}

/** What a step gives back: an output, or the message of what it threw. */
export type Outcome<Output> =
  { readonly kind: "output"; readonly value: Output } | { readonly kind: "threw"; readonly message: string };

/** Does one step; a throw leaves the state as it was. */
export function attempt<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  state: State,
  input: Input,
): { readonly state: State; readonly outcome: Outcome<Output> } {
  try {
    const { state: after, output } = machine.step(state, input);
    return { state: after, outcome: { kind: "output", value: output } };
  } catch (error) {
    return { state, outcome: threw(error) };
  }
}

/** The outcome of a step that threw. @throws the error itself when it is a misuse of this library. */
export function threw(error: unknown): { readonly kind: "threw"; readonly message: string } {
  if (error instanceof UnusableMachine) throw error;
  return { kind: "threw", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

/** Runs `input` after the inputs of `trace` and gives its outcome. */
export function outcomeOf<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly Input[],
  input: Input,
): Outcome<Output> {
  let state = machine.initial;
  for (const earlier of trace) state = attempt(machine, state, earlier).state;
  return attempt(machine, state, input).outcome;
}

/** A machine breaks its own contract, such as a footprint that leaves out a cell. */
export class UnusableMachine extends Error {
  override readonly name = "UnusableMachine";
}
