import { become, defineNode } from "../../sim/node.js";
import { considerVote, countVote, stand } from "./election.js";
import { hearAppend } from "./following.js";
import { hearAppended, hearMismatch, takeCommand } from "./leader.js";
import { type RaftOptions, rulesOf } from "./rules.js";
import { type RaftMessage, type Saved, Server } from "./state.js";

/** A server of Raft. */
export function raftServer(options: RaftOptions) {
  const rules = rulesOf(options);
  return defineNode<Server, RaftMessage, Saved>({
    role: "server",
    start: () => rules.settled(new Server()),
    recover: (saved) => rules.settled(new Server(saved?.toObject())),
    onChoice: {
      timeout: (state, _option, context) => stand(rules, state, context),
      command: (state, _option, context) => takeCommand(rules, state, context),
    },
    onMessage: {
      "request-vote": (state, message, from) => considerVote(rules, state, message, from),
      vote: (state, { term }, from, context) => {
        const isCounted = state.role === "candidate" && state.term === term;
        return isCounted ? countVote(rules, state, from.node, context) : become(state);
      },
      append: (state, message, from) => hearAppend(rules, state, message, from),
      appended: (state, message, from, context) => hearAppended(rules, state, message, { from, context }),
      mismatch: (state, message, from) => hearMismatch(rules, state, message, from),
    },
  });
}
