import { Map, Set } from "immutable";
import { choose, type Effect, emit, reply, save, send } from "../../sim/effect.js";
import { become, type Context, defineNode, type Reaction } from "../../sim/node.js";
import { advanceCommit, appendsTo, type LeaderRules } from "./leader.js";
import { type Append, Entry, follower, type RaftMessage, type RequestVote, Saved, Server, termAt } from "./state.js";

/** What goes wrong, on purpose. */
export type RaftBug = "none" | "forgets-vote" | "commits-earlier-term" | "skips-log-check";

export interface RaftOptions {
  /** Nobody stands for a later term. */
  readonly terms: number;
  /** No leader takes a command when its log has so many. */
  readonly entries: number;
  readonly bug: RaftBug;
}

/** A server of Raft. */
export function raftServer({ terms, entries, bug }: RaftOptions) {
  const rules: LeaderRules = { countsEarlierTerms: bug === "commits-earlier-term" };
  const persisted = ({ term, votedFor, log }: Server): Effect =>
    save(new Saved({ term, votedFor: bug === "forgets-vote" ? null : votedFor, log }));
  /** The choices that a server has in its state; asked anew after each change, which withdraws those it has no more. */
  const offers = ({ role, term, log }: Server): Effect[] => [
    choose("timeout", role !== "leader" && term < terms ? ["stand"] : []),
    choose("command", role === "leader" && log.size < entries ? ["append"] : []),
  ];
  const settled = (state: Server, ...effects: readonly Effect[]): Reaction<Server> =>
    become(state, persisted(state), ...offers(state), ...effects);

  const elected = (candidate: Server, context: Context): Reaction<Server> => {
    const leader = candidate.merge({
      role: "leader",
      votes: Set(),
      next: Map(context.peers.map((peer) => [peer, candidate.log.size + 1])),
      match: Map(context.peers.map((peer) => [peer, 0])),
    });
    const { term, log } = leader;
    return settled(leader, emit("elected", { term, log }), ...appendsTo(context.peers, leader));
  };

  const voted = (state: Server, voter: Context["self"], context: Context): Reaction<Server> => {
    const candidate = state.set("votes", state.votes.add(voter));
    return candidate.votes.size * 2 > context.peers.length + 1 ? elected(candidate, context) : settled(candidate);
  };

  return defineNode<Server, RaftMessage, Saved>({
    role: "server",
    start: () => settled(new Server()),
    recover: (saved) => settled(new Server(saved?.toObject())),
    onChoice: {
      timeout: (state, _option, context) => {
        const candidate = follower(state, state.term + 1).merge({ role: "candidate", votedFor: context.self });
        const { term, log } = candidate;
        const request: RequestVote = {
          kind: "request-vote",
          term,
          lastPosition: log.size,
          lastTerm: termAt(log, log.size),
        };
        const { state: next, effects } = voted(candidate, context.self, context);
        return become(next, ...effects, ...context.peers.map((peer) => send(peer, request)));
      },
      command: (state, _option, context) => {
        const entry = new Entry({ term: state.term, by: context.self, number: state.log.size + 1 });
        const { state: leader, effects } = advanceCommit(state.set("log", state.log.push(entry)), context, rules);
        return settled(leader, ...effects, ...appendsTo(context.peers, leader));
      },
    },
    onMessage: {
      "request-vote": (state, request, from) => {
        if (request.term < state.term) return become(state);
        const voter = request.term > state.term ? follower(state, request.term) : state;
        const isFree = voter.votedFor === null || voter.votedFor === from.node;
        if (!isFree || !isUpToDate(request, voter)) return settled(voter);
        return settled(voter.set("votedFor", from.node), reply(from, { kind: "vote", term: request.term }));
      },
      vote: (state, { term }, from, context) =>
        state.role === "candidate" && state.term === term ? voted(state, from.node, context) : become(state),
      append: (state, message, from) => {
        if (message.term < state.term) return become(state);
        const server = state.role === "follower" && message.term === state.term ? state : follower(state, message.term);
        const { term, previous } = message;
        if (bug !== "skips-log-check" && !hasPrevious(server, message)) {
          return settled(server, reply(from, { kind: "mismatch", term, previous }));
        }
        const { state: appended, effects } = accept(server, message);
        const match = previous + message.entries.size;
        return settled(appended, ...effects, reply(from, { kind: "appended", term, match }));
      },
      appended: (state, { term, match }, from, context) => {
        if (state.role !== "leader" || state.term !== term) return become(state);
        if (match <= (state.match.get(from.node) ?? 0)) return become(state);
        const told = state.setIn(["match", from.node], match).setIn(["next", from.node], match + 1);
        const { state: leader, effects } = advanceCommit(told, context, rules);
        const isBehind = match < leader.log.size;
        const receivers = leader.committed > state.committed ? context.peers : isBehind ? [from.node] : [];
        return settled(leader, ...effects, ...appendsTo(receivers, leader));
      },
      mismatch: (state, { term, previous }, from) => {
        const isCurrent = state.role === "leader" && state.term === term && state.next.get(from.node) === previous + 1;
        if (!isCurrent) return become(state);
        const leader = state.setIn(["next", from.node], previous);
        return settled(leader, ...appendsTo([from.node], leader));
      },
    },
  });
}

/** Whether the candidate's log is at least as complete as the voter's (section 5.4.1). */
function isUpToDate({ lastTerm, lastPosition }: RequestVote, { log }: Server): boolean {
  const ownTerm = termAt(log, log.size);
  return lastTerm > ownTerm || (lastTerm === ownTerm && lastPosition >= log.size);
}

function hasPrevious({ log }: Server, { previous, previousTerm }: Append): boolean {
  return previous <= log.size && termAt(log, previous) === previousTerm;
}

/** Writes the entries over what contradicts them, keeping what follows when nothing does: the message may be an old one. */
function accept(state: Server, { previous, entries, committed }: Append): Reaction<Server> {
  let log = state.log;
  entries.forEach((entry, i) => {
    const position = previous + i + 1;
    if (termAt(log, position) !== entry.term) log = log.take(position - 1).push(entry);
  });
  const known = Math.max(state.committed, Math.min(committed, previous + entries.size));
  const applied = log.slice(state.committed, known).map((entry, i) => {
    return emit("applied", { position: state.committed + i + 1, entry });
  });
  return become(state.merge({ log, committed: known }), ...applied);
}
