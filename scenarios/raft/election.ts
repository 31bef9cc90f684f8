import { Map, Set } from "immutable";
import { emit, reply, send } from "../../sim/effect.js";
import { become, type Context, type Reaction } from "../../sim/node.js";
import type { NodeId } from "../../sim/node-id.js";
import type { Sender } from "../../sim/message.js";
import { appendsTo } from "./leader.js";
import type { Rules } from "./rules.js";
import { follower, type RequestVote, type Server, termAt } from "./state.js";

/** The election timeout: the server stands for the next term. */
export function stand(rules: Rules, state: Server, context: Context): Reaction<Server> {
  const candidate = follower(state, state.term + 1).merge({ role: "candidate", votedFor: context.self });
  const { term, log } = candidate;
  const request: RequestVote = {
    kind: "request-vote",
    term,
    lastPosition: log.size,
    lastTerm: termAt(log, log.size),
  };
  const { state: next, effects } = countVote(rules, candidate, context.self, context);
  return become(next, ...effects, ...context.peers.map((peer) => send(peer, request)));
}

/** A candidate with a vote more: with those of a majority, the leader. */
export function countVote(rules: Rules, state: Server, voter: NodeId, context: Context): Reaction<Server> {
  const candidate = state.set("votes", state.votes.add(voter));
  if (candidate.votes.size * 2 <= context.peers.length + 1) return rules.settled(candidate);
  const leader = candidate.merge({
    role: "leader",
    votes: Set(),
    next: Map(context.peers.map((peer) => [peer, candidate.log.size + 1])),
    match: Map(context.peers.map((peer) => [peer, 0])),
  });
  const { term, log } = leader;
  return rules.settled(leader, emit("elected", { term, log }), ...appendsTo(context.peers, leader));
}

/** Votes for the candidate, or says nothing. */
export function considerVote(rules: Rules, state: Server, request: RequestVote, from: Sender): Reaction<Server> {
  if (request.term < state.term) return become(state);
  const voter = request.term > state.term ? follower(state, request.term) : state;
  const isFree = voter.votedFor === null || voter.votedFor === from.node;
  if (!isFree || !isUpToDate(request, voter)) return rules.settled(voter);
  return rules.settled(voter.set("votedFor", from.node), reply(from, { kind: "vote", term: request.term }));
}

/** Whether the candidate's log is at least as complete as the voter's (section 5.4.1). */
function isUpToDate({ lastTerm, lastPosition }: RequestVote, { log }: Server): boolean {
  const ownTerm = termAt(log, log.size);
  return lastTerm > ownTerm || (lastTerm === ownTerm && lastPosition >= log.size);
}
