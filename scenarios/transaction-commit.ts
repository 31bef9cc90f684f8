import { Map, Record } from "immutable";
import { choose } from "../sim/effect.js";
import { become, defineNode } from "../sim/node.js";
import { count } from "../sim/parameter.js";
import { always, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import type { View } from "../sim/view.js";

/**
 * Transaction commit, the problem that two-phase commit solves: Gray and Lamport, "Consensus on transaction commit" (2006),
 * and the specification TCommit. There is no network: one node holds the state of every participant, and the scheduler
 * takes one enabled action after the other.
 *
 * With N participants it has 3^N + 2^N - 1 states (some of working, prepared and aborted, or all prepared and at least one
 * of them committed), N·3^N + N·2^(N-1) transitions and the depth 2N + 1. Of the default scope, 3 participants: 34 states.
 */
export const transactionCommit = defineScenario({
  name: "transaction-commit",
  about: "N participants commit or abort a transaction together: what two-phase commit has to achieve.",
  parameters: { rms: count(3, { min: 1, max: 12 }) },
  scope: "Finite without budgets: 3^rms + 2^rms - 1 states. There is no network, and nothing fails.",
  define: ({ rms }) => ({
    nodes: { transaction: transaction(Array.from({ length: rms }, (_, i) => `rm${i + 1}`)) },
    properties: [consistency, allCommit, allAbort],
  }),
});

type Phase = "working" | "prepared" | "committed" | "aborted";

/** The state of each participant, by name. */
class Transaction extends Record({ participants: Map<string, Phase>() }) {}

/** What one participant may do next. */
interface Action {
  readonly participant: string;
  readonly becomes: Phase;
}

function transaction(names: readonly string[]) {
  const reached = (state: Transaction) => become(state, choose("act", enabledActions(state.participants)));
  return defineNode<Transaction, never>({
    role: "transaction",
    start: () => reached(new Transaction({ participants: Map(names.map((name) => [name, "working"])) })),
    onMessage: {},
    onChoice: {
      act: (state, { participant, becomes }: Action) => reached(state.setIn(["participants", participant], becomes)),
    },
  });
}

function enabledActions(participants: Map<string, Phase>): Action[] {
  const mayCommit = participants.every((phase) => phase === "prepared" || phase === "committed");
  const mayAbort = participants.every((phase) => phase !== "committed");
  const next = (phase: Phase): Phase[] => {
    if (phase === "working") return mayAbort ? ["prepared", "aborted"] : ["prepared"];
    if (phase !== "prepared") return [];
    return [...(mayCommit ? (["committed"] as const) : []), ...(mayAbort ? (["aborted"] as const) : [])];
  };
  return [...participants].flatMap(([participant, phase]) => next(phase).map((becomes) => ({ participant, becomes })));
}

/** The state of each participant, by name; of none while the node is down. */
export function participantsOf(view: View): Map<string, Phase> {
  return view.nodes<Transaction | null>("transaction")[0]?.state?.participants ?? Map<string, Phase>();
}

const consistency = always("no participant commits while another aborts", (view) => {
  const committed = participantsOf(view).findKey((phase) => phase === "committed");
  const aborted = participantsOf(view).findKey((phase) => phase === "aborted");
  return committed === undefined || aborted === undefined || `${committed} has committed and ${aborted} has aborted`;
});

const allCommit = sometimes("all participants commit", (view) => areAll("committed", view));
const allAbort = sometimes("all participants abort", (view) => areAll("aborted", view));

function areAll(wanted: Phase, view: View): boolean {
  const participants = participantsOf(view);
  return !participants.isEmpty() && participants.every((phase) => phase === wanted);
}
