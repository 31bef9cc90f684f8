import { Map, Record, Set } from "immutable";
import { choose, send } from "../sim/effect.js";
import { become, defineNode } from "../sim/node.js";
import type { NodeId } from "../sim/node-id.js";
import { count, flag } from "../sim/parameter.js";
import { always, refines, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import { participantsOf, transactionCommit } from "./transaction-commit.js";

/**
 * Two-phase commit as in Gray and Lamport, "Consensus on transaction commit" (2006), and the specification TwoPhase: the
 * network is a set of messages that are never consumed. With N resource managers it has 2^N + 4^N + 6^N reachable states.
 *
 * With `refinement`, it is also checked that it implements `transaction-commit`.
 */
export const twoPhaseCommit = defineScenario({
  name: "two-phase-commit",
  about: "A transaction manager and N resource managers agree on committing or aborting.",
  parameters: { rms: count(3, { min: 1, max: 12 }), refinement: flag(false) },
  scope:
    "Finite without budgets: 2^rms + 4^rms + 6^rms states. No faults: in a set of messages, a late one stands for a lost one.",
  define: ({ rms, refinement }) => ({
    nodes: {
      tm: transactionManager,
      ...Object.fromEntries(Array.from({ length: rms }, (_, i) => [`rm${i + 1}`, resourceManager])),
    },
    links: "set",
    properties: [consistency, committed, ...(refinement ? [implementsTransactionCommit(rms)] : [])],
  }),
});

type Phase = "init" | "committed" | "aborted";
class TransactionManager extends Record({ phase: "init" as Phase, prepared: Set<NodeId>() }) {}

type Prepared = { readonly kind: "prepared" };

const transactionManager = defineNode<TransactionManager, Prepared>({
  role: "tm",
  start: () => become(new TransactionManager(), choose("decide", ["abort"])),
  onMessage: {
    prepared: (state, _message, from, context) => {
      if (state.phase !== "init") return become(state);
      const prepared = state.prepared.add(from.node);
      const options = prepared.size === context.peers.length ? ["abort", "commit"] : ["abort"];
      return become(state.set("prepared", prepared), choose("decide", options));
    },
  },
  onChoice: {
    decide: (state, decision: "commit" | "abort", context) =>
      become(
        state.set("phase", decision === "commit" ? "committed" : "aborted"),
        ...context.peers.map((peer) => send<Decision>(peer, { kind: decision })),
      ),
  },
});

type Vote = "working" | "prepared" | "committed" | "aborted";
class ResourceManager extends Record({ vote: "working" as Vote }) {}

type Decision = { readonly kind: "commit" } | { readonly kind: "abort" };

const resourceManager = defineNode<ResourceManager, Decision>({
  role: "rm",
  start: () => become(new ResourceManager(), choose("vote", ["prepare", "abort"])),
  onMessage: {
    commit: (state) => become(state.set("vote", "committed"), choose("vote", [])),
    abort: (state) => become(state.set("vote", "aborted"), choose("vote", [])),
  },
  onChoice: {
    vote: (state, vote: "prepare" | "abort", context) =>
      vote === "prepare"
        ? become(
            state.set("vote", "prepared"),
            ...context.role("tm").map((manager) => send<Prepared>(manager, { kind: "prepared" })),
          )
        : become(state.set("vote", "aborted")),
  },
});

const votes = (view: Parameters<Parameters<typeof sometimes>[1]>[0]) =>
  view.nodes<ResourceManager>("rm").map((rm) => ({ name: String(rm.id), vote: rm.up ? rm.state.vote : "down" }));

const consistency = always("no resource manager commits while another aborts", (view) => {
  const committed = votes(view).find(({ vote }) => vote === "committed");
  const aborted = votes(view).find(({ vote }) => vote === "aborted");
  return (
    committed === undefined ||
    aborted === undefined ||
    `${committed.name} has committed and ${aborted.name} has aborted`
  );
});

const committed = sometimes("all resource managers commit", (view) =>
  votes(view).every(({ vote }) => vote === "committed"),
);

/** What the resource managers go through is a transaction commit; of the messages and the manager nothing is seen there. */
const implementsTransactionCommit = (rms: number) =>
  refines("it is a transaction commit", transactionCommit, {
    maps: (view) => Map(votes(view).map(({ name, vote }) => [name, vote])),
    onto: participantsOf,
    parameters: { rms },
  });
