import { type ExplainOptions, explainOutput } from "./explain-output.js";
import type { Machine } from "./machine.js";
import { verify } from "./verify.js";
import { ascending, bySizeThenPositions, type Positions } from "./witnesses.js";

/**
 * A hand-written rule for why a machine answers `input` as it does after `trace`: its witnesses, as positions of the trace
 * from 0. A wat-provenance specification in the sense of Whittaker et al. (SoCC 2018, section 4).
 */
export type Specification<Input> = (trace: readonly Input[], input: Input) => readonly Positions[];

/** How a specification's answer compares with the definition. */
export type SpecificationVerdict =
  | { readonly kind: "agrees" }
  /** A supertrace of the witness has another output. */
  | { readonly kind: "unsound"; readonly witness: Positions; readonly counterexample: Positions }
  /** The witness is closed without this position. */
  | { readonly kind: "not-minimal"; readonly witness: Positions; readonly superfluous: number }
  /** All that it gives is right, but there is another explanation. */
  | { readonly kind: "incomplete"; readonly missing: Positions }
  /** What could be decided within the budget holds. */
  | { readonly kind: "unknown"; readonly undecided: "closed" | "minimal" | "complete" };

/** A specification that throws, or gives what cannot be witnesses of the trace. */
export class InvalidSpecification extends Error {
  override readonly name = "InvalidSpecification";
}

/**
 * The witnesses that a specification gives, each ascending and once (mode *trust*).
 *
 * @throws InvalidSpecification when it throws, gives no witness, or gives positions that are not in the trace.
 */
export function specifiedWitnesses<Input>(
  specification: Specification<Input>,
  trace: readonly Input[],
  input: Input,
): readonly Positions[] {
  let given: readonly Positions[];
  try {
    given = specification(trace, input);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new InvalidSpecification(
      `The provenance specification threw "${said}"; correct it, or ask for the exact explanation.`,
      { cause: error },
    );
  }
  if (!Array.isArray(given) || !given.every((witness) => Array.isArray(witness))) {
    throw new InvalidSpecification(
      "The provenance specification gives no list of witnesses; each is an array of positions.",
    );
  }
  if (given.length === 0) {
    throw new InvalidSpecification(
      "The provenance specification gives no witness, but every output has one; where nothing mattered, give one empty witness: [[]].",
    );
  }
  for (const position of given.flat()) {
    if (Number.isInteger(position) && position >= 0 && position < trace.length) continue;
    throw new InvalidSpecification(
      `The provenance specification gives the position ${String(position)}, which is not in the trace; ` +
        `the ${trace.length} inputs before the explained one have the positions from 0.`,
    );
  }
  const witnesses = given.map((witness) => ascending(new Set(witness)));
  return [...new Map(witnesses.map((witness) => [witness.join(), witness])).values()].sort(bySizeThenPositions);
}

/**
 * Compares a specification with the definition on one trace (mode *check*): each witness is checked by itself, which
 * needs no listing, and then whether one is missing, which does.
 *
 * @throws InvalidSpecification as `specifiedWitnesses`.
 */
export function checkSpecification<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  specification: Specification<NoInfer<Input>>,
  trace: readonly NoInfer<Input>[],
  input: NoInfer<Input>,
  options: ExplainOptions<Output> = {},
): SpecificationVerdict {
  const witnesses = specifiedWitnesses(specification, trace, input);
  let undecided: "closed" | "minimal" | undefined;
  let notMinimal: SpecificationVerdict | undefined;
  for (const witness of witnesses) {
    const certificate = verify(machine, trace, input, witness, options);
    if (certificate.counterexample !== undefined)
      return { kind: "unsound", witness, counterexample: certificate.counterexample };
    if (certificate.isClosed === "unknown") undecided ??= "closed";
    if (certificate.superfluous !== undefined)
      notMinimal ??= { kind: "not-minimal", witness, superfluous: certificate.superfluous };
    else if (certificate.isMinimal === "unknown") undecided ??= "minimal";
  }
  if (notMinimal !== undefined) return notMinimal;
  const exact = explainOutput(machine, trace, input, options);
  const given = new Set(witnesses.map((witness) => witness.join()));
  const others =
    exact.status === "exact"
      ? exact.witnesses.list(witnesses.length + 1)
      : exact.status === "partial"
        ? exact.found
        : [];
  const missing = others.find((witness) => !given.has(witness.join()));
  if (undecided !== undefined) return { kind: "unknown", undecided };
  if (missing !== undefined) return { kind: "incomplete", missing };
  return exact.status === "exact" ? { kind: "agrees" } : { kind: "unknown", undecided: "complete" };
}

/** How far a specification is believed. */
export type SpecificationMode = "trust" | "check" | "exact";

/** The explanation of one output in one of the three modes; `exact` does not ask the specification at all. */
export function explainWith<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  specification: Specification<NoInfer<Input>>,
  mode: SpecificationMode,
  trace: readonly NoInfer<Input>[],
  input: NoInfer<Input>,
  options: ExplainOptions<Output> = {},
) {
  switch (mode) {
    case "trust":
      return { mode, witnesses: specifiedWitnesses(specification, trace, input) } as const;
    case "check":
      return {
        mode,
        witnesses: specifiedWitnesses(specification, trace, input),
        verdict: checkSpecification(machine, specification, trace, input, options),
      } as const;
    case "exact":
      return { mode, provenance: explainOutput(machine, trace, input, options) } as const;
  }
}
