import type { Operand, Operator, Predicate } from "./query.js";
import { compareScalars, type Scalar, type StoredRow } from "./row.js";

/** Whether a row, which has all fields that the predicate names, satisfies it. */
export function satisfies(row: StoredRow, predicate: Predicate): boolean {
  switch (predicate.kind) {
    case "compare":
      return holds(predicate.operator, compareScalars(valueOf(row, predicate.left), valueOf(row, predicate.right)));
    case "and":
      return predicate.of.every((part) => satisfies(row, part));
    case "or":
      return predicate.of.some((part) => satisfies(row, part));
    case "not":
      return !satisfies(row, predicate.of);
  }
}

function valueOf(row: StoredRow, operand: Operand): Scalar {
  return "field" in operand ? row.get(operand.field, null) : operand.constant;
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}
