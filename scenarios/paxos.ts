import { Record, Set } from "immutable";
import { choose, reply, send } from "../sim/effect.js";
import { become, type Context, defineNode, type Reaction } from "../sim/node.js";
import type { NodeId } from "../sim/node-id.js";
import { count, oneOf } from "../sim/parameter.js";
import { always, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import type { View } from "../sim/view.js";

/**
 * Single-decree Paxos: Lamport, "Paxos made simple" (2001), section 2. Each proposer has one ballot and a value of its own,
 * and begins when the scheduler lets it. With `promise=off` acceptors forget that they promised to refuse lower ballots, and
 * two values are chosen.
 *
 * How the model is cut: delivery consumes a message; a proposer learns its ballot's outcome itself, as acceptors answer it
 * alone; it forgets its promises when it asks for votes, and who voted when it has decided, so that an answer that comes
 * late changes nothing; an acceptor is silent instead of refusing, as a proposer without a second ballot has no use for it.
 *
 * Of the default scope, 3 acceptors and 2 proposers: 101,408 states; with `--faults drop=any`: 895,971.
 */
export const paxos = defineScenario({
  name: "paxos",
  about: "Acceptors choose one of the values that competing proposers put forward.",
  parameters: {
    acceptors: count(3, { min: 1, max: 7 }),
    proposers: count(2, { min: 1, max: 5 }),
    promise: oneOf("on", "off"),
  },
  scope: "Finite without budgets: each proposer begins one ballot. No faults unless --faults gives some.",
  define: (values) => {
    // One definition for all: that is how a search sees that they are alike.
    const anAcceptor = acceptor({ keepsPromises: values.promise === "on" });
    return {
      nodes: {
        ...Object.fromEntries(
          Array.from({ length: values.proposers }, (_, i) => [`p${i + 1}`, proposer({ ballot: i + 1 })]),
        ),
        ...Object.fromEntries(Array.from({ length: values.acceptors }, (_, i) => [`a${i + 1}`, anAcceptor])),
      },
      links: "any",
      properties: [agreement, someDecides, allDecide],
    };
  },
});

type Prepare = { readonly kind: "prepare"; readonly ballot: number };
/** With the vote that the acceptor cast last; ballot 0 when it has not voted. */
type Promised = { readonly kind: "promise"; readonly ballot: number; readonly voted: number; readonly value: string };
type Accept = { readonly kind: "accept"; readonly ballot: number; readonly value: string };
type Accepted = { readonly kind: "accepted"; readonly ballot: number };

class Proposer extends Record({
  phase: "idle" as "idle" | "preparing" | "accepting" | "decided",
  /** Who has answered in this phase. */
  answers: Set<NodeId>(),
  /** The highest ballot among the votes that were reported. */
  voted: 0,
  /** The value of that vote; later the one asked for, and decided. */
  value: "",
}) {}

function proposer({ ballot }: { readonly ballot: number }) {
  const toAcceptors = (context: Context, message: Prepare | Accept) =>
    context.role("acceptor").map((acceptor) => send(acceptor, message));
  const isMajority = (answers: Set<NodeId>, context: Context) => answers.size * 2 > context.role("acceptor").length;
  return defineNode<Proposer, Promised | Accepted>({
    role: "proposer",
    start: () => become(new Proposer(), choose("begin", ["ballot"])),
    onChoice: {
      begin: (state, _option, context) =>
        become(state.set("phase", "preparing"), ...toAcceptors(context, { kind: "prepare", ballot })),
    },
    onMessage: {
      promise: (state, message, from, context): Reaction<Proposer> => {
        if (state.phase !== "preparing") return become(state);
        const answers = state.answers.add(from.node);
        const { voted, value } = message.voted > state.voted ? message : state;
        if (!isMajority(answers, context)) return become(state.merge({ answers, voted, value }));
        const asked = voted > 0 ? value : `v${ballot}`;
        return become(
          new Proposer({ phase: "accepting", value: asked }),
          ...toAcceptors(context, { kind: "accept", ballot, value: asked }),
        );
      },
      accepted: (state, _message, from, context) => {
        if (state.phase !== "accepting") return become(state);
        const answers = state.answers.add(from.node);
        return become(
          isMajority(answers, context)
            ? new Proposer({ phase: "decided", value: state.value })
            : state.set("answers", answers),
        );
      },
    },
  });
}

class Acceptor extends Record({ promised: 0, voted: 0, value: "" }) {}

function acceptor({ keepsPromises }: { readonly keepsPromises: boolean }) {
  return defineNode<Acceptor, Prepare | Accept>({
    role: "acceptor",
    start: () => become(new Acceptor()),
    onMessage: {
      prepare: (state, { ballot }, from) =>
        ballot > state.promised || !keepsPromises
          ? become(
              state.set("promised", ballot),
              reply<Promised>(from, { kind: "promise", ballot, voted: state.voted, value: state.value }),
            )
          : become(state),
      accept: (state, { ballot, value }, from) =>
        ballot >= state.promised || !keepsPromises
          ? become(
              new Acceptor({ promised: ballot, voted: ballot, value }),
              reply<Accepted>(from, { kind: "accepted", ballot }),
            )
          : become(state),
    },
  });
}

const decided = (view: View) =>
  view
    .nodes<Proposer | null>("proposer")
    .flatMap(({ id, state }) => (state?.phase === "decided" ? [{ name: String(id), value: state.value }] : []));

const agreement = always("no two proposers decide on different values", (view) => {
  const [first, ...others] = decided(view);
  const other = others.find(({ value }) => value !== first?.value);
  return (
    first === undefined ||
    other === undefined ||
    `${first.name} has decided on ${first.value} and ${other.name} on ${other.value}`
  );
});

const someDecides = sometimes("a proposer decides", (view) => decided(view).length > 0);
const allDecide = sometimes("every proposer decides", (view) => decided(view).length === view.nodes("proposer").length);
