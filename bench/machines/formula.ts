import { Map } from "immutable";
import type { Lifted, Machine } from "../../checker/provenance/machine.js";

export type Formula =
  string | { readonly not: Formula } | { readonly and: readonly Formula[] } | { readonly or: readonly Formula[] };

export type FormulaInput =
  | { readonly kind: "set"; readonly name: string }
  | { readonly kind: "clear"; readonly name: string }
  | { readonly kind: "eval"; readonly formula: Formula };

/** Boolean variables, initially false, and formulas over them (Whittaker et al., examples 3.2 and 3.3). */
export const formulas: Machine<Map<string, boolean>, FormulaInput, boolean | null> = {
  initial: Map(),
  step: (state, input) => {
    switch (input.kind) {
      case "set":
        return { state: state.set(input.name, true), output: null };
      case "clear":
        return { state: state.set(input.name, false), output: null };
      case "eval":
        return { state, output: evaluate(input.formula, (name) => state.get(name, false)) };
    }
  },
};

/** The same, with the formula opened up for value summaries. */
export const liftedFormulas: typeof formulas = {
  ...formulas,
  lifted: (input): Lifted | undefined => {
    if (input.kind !== "eval") return undefined;
    return (operations) => {
      const visit = (formula: Formula): ReturnType<typeof operations.read> => {
        if (typeof formula === "string")
          return operations.apply((value?: boolean) => value ?? false, operations.read(formula));
        if ("not" in formula) return operations.apply((value: boolean) => !value, visit(formula.not));
        const isAnd = "and" in formula;
        const combine = isAnd ? (a: boolean, b: boolean) => a && b : (a: boolean, b: boolean) => a || b;
        const parts = (isAnd ? formula.and : formula.or).map(visit);
        return parts.reduce(
          (a, b) => operations.apply(combine, a, b),
          operations.apply(() => isAnd),
        );
      };
      return visit(input.formula);
    };
  },
};

function evaluate(formula: Formula, valueOf: (name: string) => boolean): boolean {
  if (typeof formula === "string") return valueOf(formula);
  if ("not" in formula) return !evaluate(formula.not, valueOf);
  if ("and" in formula) return formula.and.every((part) => evaluate(part, valueOf));
  return formula.or.some((part) => evaluate(part, valueOf));
}
