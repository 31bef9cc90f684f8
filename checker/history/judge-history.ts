import { type ConsistencyName, consistencyNames, judgeConsistency } from "./consistency.js";
import type { HistoryJudgement, JudgeOptions } from "./judgement.js";
import { type ModelName, modelNames, modelOf } from "./models/models.js";
import type { History } from "./operation.js";
import type { AnySpecification } from "./specification.js";
import { type IsolationName, isolationNames } from "./transactions/isolation.js";
import { judgeTransactions, type TransactionJudgement } from "./transactions/judge-transactions.js";
import type { TransactionModel } from "./transactions/transaction.js";
import { UnusableHistory } from "./unusable-history.js";
import type { Value } from "../../sim/value.js";

/** Every model that a recorded history can be judged by. */
export const historyModelNames = [...modelNames, "list-append", "rw-register"] as const;
export type HistoryModelName = ModelName | TransactionModel;

/** A verdict on a history, whatever its model. */
export type HistoryVerdict =
  | {
      readonly kind: "operations";
      readonly specification: AnySpecification;
      readonly consistency: ConsistencyName;
      readonly judgement: HistoryJudgement;
    }
  | { readonly kind: "transactions"; readonly level: IsolationName; readonly judgement: TransactionJudgement };

/** What to judge by. */
export interface HistoryQuestion extends JudgeOptions {
  readonly model: HistoryModelName;
  /** `linearizable` unless given, and `strict-serializable` for transactions. */
  readonly consistency?: string;
  /** What the object holds at the beginning, where it can hold something. */
  readonly initial?: Value;
}

/**
 * Judges a history by a model that comes with Hindcast.
 *
 * @throws UnusableHistory where the model does not fit the operations, or has no such consistency.
 */
export function judgeHistory(history: History, question: HistoryQuestion): HistoryVerdict {
  const { model, consistency } = question;
  if (model === "list-append" || model === "rw-register") {
    const asked = consistency === undefined || consistency === "linearizable" ? "strict-serializable" : consistency;
    const level = named(isolationNames, asked, model);
    return { kind: "transactions", level, judgement: judgeTransactions(history, model, level, question) };
  }
  const specification = modelOf(model, question.initial);
  const name = named(consistencyNames, consistency ?? "linearizable", model);
  requireFit(history, specification);
  return {
    kind: "operations",
    specification,
    consistency: name,
    judgement: judgeConsistency(history, specification, name, question),
  };
}

/**
 * Asks that the specification knows every request of a history.
 *
 * @throws UnusableHistory at the first that it does not.
 */
export function requireFit(history: History, specification: AnySpecification): void {
  for (const operation of history) {
    const refusal = specification.refusal(operation);
    if (refusal === null) continue;
    throw new UnusableHistory(
      `the model does not fit the operations: ${refusal}`,
      "give another --model, or correct the operation",
      operation.place,
    );
  }
}

function named<Name extends string>(names: readonly Name[], name: string, model: string): Name {
  const known = names.find((other) => other === name);
  if (known !== undefined) return known;
  throw new UnusableHistory(`the model ${model} has no consistency "${name}"`, `use one of ${names.join(", ")}`);
}
