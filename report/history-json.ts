import { encode, type Value } from "../sim/value.js";
import type { HistoryModelName, HistoryVerdict } from "../checker/history/judge-history.js";
import type { History } from "../checker/history/operation.js";

/**
 * A verdict on a history as a JSON document, without what differs from run to run. Operations are numbers: their
 * positions by invocation, from 0. Fields without a value are null.
 */
export function historyJson(history: History, verdict: HistoryVerdict, model: HistoryModelName) {
  const { judgement } = verdict;
  const common = {
    verdict: judgement.kind,
    model,
    consistency: verdict.kind === "operations" ? verdict.consistency : verdict.level,
    operations: history.length,
  };
  if (verdict.kind === "transactions") {
    const { anomalies, isolation, order, limit } = verdict.judgement;
    const culprits = [...new Set(anomalies.flatMap(({ operations }) => operations))].map((id) =>
      operationJson(history, id),
    );
    return { ...common, order, prefix: null, culprits, detail: null, limit, anomalies, isolation };
  }
  switch (verdict.judgement.kind) {
    case "holds":
      return { ...common, order: verdict.judgement.order, prefix: null, culprits: [], detail: null, limit: null };
    case "unknown":
      return { ...common, order: null, prefix: null, culprits: [], detail: null, limit: verdict.judgement.limit };
    case "violated": {
      const { prefix, detail } = verdict.judgement;
      const culprits = verdict.judgement.culprits.map(({ operation, reason }) => ({
        ...operationJson(history, operation),
        reason,
      }));
      return { ...common, order: null, prefix, culprits, detail, limit: null };
    }
  }
}

/** One operation of a history; texts are canonical. */
export function operationJson(history: History, id: number) {
  const operation = history[id];
  const text = (value: Value): string | null => (value === null || value === undefined ? null : encode(value));
  return {
    operation: id,
    process: operation?.process ?? null,
    f: operation?.f ?? null,
    key: text(operation?.key),
    value: text(operation?.value),
    output: operation?.outcome === "ok" ? text(operation.output) : null,
    line: operation?.place?.line ?? null,
  };
}
