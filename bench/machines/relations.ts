import { Set } from "immutable";
import type { Machine } from "../../checker/provenance/machine.js";

/** A tuple of a relation, as text such as `R(1,2)`: relation and values. */
export interface Tuple {
  readonly relation: string;
  readonly values: readonly string[];
}

export type RelationsInput =
  | { readonly kind: "insert" | "delete"; readonly tuple: Tuple }
  /** The tuples of `left` that are not in `right`. */
  | { readonly kind: "difference"; readonly left: string; readonly right: string }
  | {
      readonly kind: "is-in-difference";
      readonly left: string;
      readonly right: string;
      readonly values: readonly string[];
    }
  /** Whether the row is in the result of a query. */
  | { readonly kind: "is-in"; readonly row: Row; readonly query: Algebra };

export type Row = readonly string[];

/** Relational algebra without negation; columns by number. */
export type Algebra =
  | { readonly kind: "relation"; readonly name: string }
  | { readonly kind: "select"; readonly of: Algebra; readonly column: number; readonly equals: string }
  | { readonly kind: "project"; readonly of: Algebra; readonly columns: readonly number[] }
  | {
      readonly kind: "join";
      readonly left: Algebra;
      readonly right: Algebra;
      readonly leftColumn: number;
      readonly rightColumn: number;
    }
  | { readonly kind: "union"; readonly left: Algebra; readonly right: Algebra };

function nameOf({ relation, values }: Tuple): string {
  return [relation, ...values].join("|");
}

/** A relational database (Whittaker et al., example 3.6); a difference is explained tuple by tuple. */
export const relations: Machine<Set<string>, RelationsInput, boolean | null | readonly string[]> = {
  initial: Set(),
  step: (state, input) => {
    switch (input.kind) {
      case "insert":
        return { state: state.add(nameOf(input.tuple)), output: null };
      case "delete":
        return { state: state.delete(nameOf(input.tuple)), output: null };
      case "difference":
        return { state, output: difference(state, input.left, input.right) };
      case "is-in-difference": {
        const { left, right, values } = input;
        const isIn = state.has(nameOf({ relation: left, values })) && !state.has(nameOf({ relation: right, values }));
        return { state, output: isIn };
      }
      case "is-in":
        return {
          state,
          output: evaluate(input.query, rowsByRelation(state)).some((row) => row.join("|") === input.row.join("|")),
        };
    }
  },
  components: (input, trace) => {
    if (input.kind !== "difference") return undefined;
    const { left, right } = input;
    const universe = new Map<string, readonly string[]>();
    for (const earlier of trace) {
      if ("tuple" in earlier && earlier.tuple.relation === left)
        universe.set(nameOf(earlier.tuple), earlier.tuple.values);
    }
    return [...universe.values()].map((values) => ({ input: { kind: "is-in-difference", left, right, values } }));
  },
};

function difference(state: Set<string>, left: string, right: string): readonly string[] {
  const others = new globalThis.Set(
    state.filter((tuple) => tuple.startsWith(`${right}|`)).map((tuple) => tuple.slice(right.length)),
  );
  return [...state].filter((tuple) => tuple.startsWith(`${left}|`) && !others.has(tuple.slice(left.length))).sort();
}

type Relations = ReadonlyMap<string, readonly Row[]>;

function rowsByRelation(state: Set<string>): Relations {
  const relationsByName = new Map<string, Row[]>();
  for (const tuple of state) {
    const [name = "", ...row] = tuple.split("|");
    relationsByName.set(name, [...(relationsByName.get(name) ?? []), row]);
  }
  return relationsByName;
}

export function evaluate(query: Algebra, instance: Relations): readonly Row[] {
  switch (query.kind) {
    case "relation":
      return instance.get(query.name) ?? [];
    case "select":
      return evaluate(query.of, instance).filter((row) => row[query.column] === query.equals);
    case "project":
      return evaluate(query.of, instance).map((row) => query.columns.map((column) => row[column] ?? ""));
    case "union":
      return [...evaluate(query.left, instance), ...evaluate(query.right, instance)];
    case "join": {
      const right = evaluate(query.right, instance);
      return evaluate(query.left, instance).flatMap((row) =>
        right.filter((other) => other[query.rightColumn] === row[query.leftColumn]).map((other) => [...row, ...other]),
      );
    }
  }
}
