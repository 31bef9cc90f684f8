import type { HistoryVerdict } from "../checker/history/judge-history.js";
import { describeOperation } from "../checker/history/linearizable.js";
import type { History, Operation } from "../checker/history/operation.js";
import type { AnySpecification } from "../checker/history/specification.js";
import { counted } from "./numbers.js";
import type { Paint } from "./paint.js";

/** A verdict on a history for a terminal: the headline, then what explains it, line by line. */
export interface HistoryText {
  readonly headline: string;
  readonly lines: readonly string[];
}

/** Renders a verdict. Of a legal prefix its end is shown; `--json` has all of it. */
export function historyText(history: History, verdict: HistoryVerdict, name: string, paint: Paint): HistoryText {
  const kind = verdict.judgement.kind;
  const asked = verdict.kind === "operations" ? verdict.consistency : verdict.level;
  const mark = {
    holds: paint.green(paint.bold("✓ holds")),
    violated: paint.red(paint.bold("✗ violated")),
    unknown: paint.yellow(paint.bold("? unknown")),
  }[kind];
  const headline = `${mark}  ${name}: ${asked}, ${counted(history.length, "operation")}`;
  const lines = verdict.kind === "operations" ? operationLines(history, verdict) : transactionLines(verdict);
  return { headline, lines: lines.map((line) => `  ${line}`) };
}

type OperationsVerdict = Extract<HistoryVerdict, { readonly kind: "operations" }>;
type TransactionsVerdict = Extract<HistoryVerdict, { readonly kind: "transactions" }>;

/** So many operations of a legal prefix are shown, the last ones. */
const shownMax = 8;

function operationLines(history: History, { judgement, specification }: OperationsVerdict): readonly string[] {
  switch (judgement.kind) {
    case "holds":
      return [];
    case "unknown":
      return [`The limit of ${judgement.limit} was reached before it was decided.`];
    case "violated": {
      const prefix = judgement.prefix ?? [];
      const shown = prefix.slice(-shownMax).map((id) => `  ${operationLine(history[id], specification)}`);
      const culprits = judgement.culprits.map(
        ({ operation, reason }) => `  ${operationLine(history[operation], specification)}\n      ${reason}`,
      );
      return [
        judgement.detail,
        ...(shown.length === 0
          ? []
          : [prefix.length > shownMax ? "The legal prefix ends with:" : "The legal prefix:", ...shown]),
        "What cannot be:",
        ...culprits,
      ];
    }
  }
}

function operationLine(operation: Operation | undefined, specification: AnySpecification): string {
  if (operation === undefined) return "";
  const line = operation.place === undefined ? "" : `line ${operation.place.line}  `;
  return `${line}${describeOperation(operation, specification)}`;
}

function transactionLines({ judgement }: TransactionsVerdict): readonly string[] {
  const { anomalies, isolation, limit } = judgement;
  if (anomalies.length === 0) {
    return limit === null
      ? []
      : [`No anomaly was found, but the search for a serial order ended at a limit (${limit}).`];
  }
  const excluded = isolation.weakestExcluded.join(", ");
  return [
    ...anomalies.flatMap(({ name, sentences }) => [`${name}:`, ...sentences.map((sentence) => `  ${sentence}`)]),
    `Excluded: ${excluded}, and what is stronger.`,
    `The strongest levels left: ${isolation.strongestLeft.join(", ") || "none"}.`,
  ];
}
