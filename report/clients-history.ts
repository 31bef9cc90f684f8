import type { BrokenModels, RunConsistency } from "../checker/history/broken-models.js";
import { describeOperation } from "../checker/history/linearizable.js";
import type { History } from "../checker/history/operation.js";
import type { AnySpecification } from "../checker/history/specification.js";
import { operationJson } from "./history-json.js";

/** The history of a run's clients on one object, judged; or why it could not be. */
export type ClientsHistory = {
  readonly specification: AnySpecification;
} & (
  | { readonly history: History; readonly models: BrokenModels; readonly problem: null }
  | { readonly history: null; readonly models: null; readonly problem: string }
);

/** Says which consistency models a run breaks and keeps, line by line, and which operations cannot be. */
export function clientsHistoryLines(judged: readonly ClientsHistory[]): readonly string[] {
  return judged.flatMap(({ specification, history, models, problem }) => {
    const subject = `The clients' history${judged.length === 1 ? "" : ` of the ${specification.name}`}`;
    if (history === null) return [`${subject} cannot be judged: ${problem}`];
    if (history.length === 0) return [];
    const { broken, soAlso, kept, undecided, culprits } = models;
    const broke = `breaks ${names(broken)}${soAlso.length === 0 ? "" : `, and so ${names(soAlso)}`}`;
    const keeps = kept.length === 0 ? "" : `keeps ${names(kept)}`;
    return [
      ...(broken.length > 0 ? [`${subject} ${broke}`] : []),
      ...culprits.map(({ operation, reason }) => {
        const one = history[operation];
        return `  ${one === undefined ? "" : `${describeOperation(one, specification)}: `}${reason}`;
      }),
      ...(keeps === "" ? [] : [broken.length > 0 ? `It ${keeps}` : `${subject} ${keeps}`]),
      ...(undecided.length === 0 ? [] : [`Not decided within the limits: ${names(undecided)}`]),
    ];
  });
}

/** The same as a JSON value. */
export function clientsHistoryJson({ specification, history, models, problem }: ClientsHistory) {
  return {
    object: specification.name,
    problem,
    operations: history?.length ?? null,
    breaks: models?.broken ?? [],
    soAlso: models?.soAlso ?? [],
    keeps: models?.kept ?? [],
    undecided: models?.undecided ?? [],
    culprits:
      models?.culprits.map(({ operation, reason }) => ({ ...operationJson(history ?? [], operation), reason })) ?? [],
  };
}

const inWords: { readonly [model in RunConsistency]: string } = {
  linearizable: "linearizability",
  sequential: "sequential consistency",
  "causal+": "causal+ consistency",
  causal: "causal consistency",
  "read-your-writes": "read your writes",
  "monotonic-reads": "monotonic reads",
  "monotonic-writes": "monotonic writes",
  "writes-follow-reads": "writes follow reads",
};

function names(models: readonly RunConsistency[]): string {
  const words = models.map((model) => inWords[model]);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
