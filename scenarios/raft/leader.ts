import { type Effect, emit, send } from "../../sim/effect.js";
import type { Sender } from "../../sim/message.js";
import { become, type Context, type Reaction } from "../../sim/node.js";
import type { NodeId } from "../../sim/node-id.js";
import type { Rules } from "./rules.js";
import { type Append, type Appended, Entry, type Mismatch, type Server, termAt } from "./state.js";

/** Sends each of the peers what it lacks, as far as the leader knows; if nothing, the position committed. */
export function appendsTo(peers: readonly NodeId[], { term, log, next, committed }: Server): Effect[] {
  return peers.map((peer) => {
    const previous = (next.get(peer) ?? 1) - 1;
    const previousTerm = termAt(log, previous);
    return send<Append>(peer, { kind: "append", term, previous, previousTerm, entries: log.skip(previous), committed });
  });
}

/** A client's command. */
export function takeCommand(rules: Rules, state: Server, context: Context): Reaction<Server> {
  const entry = new Entry({ term: state.term, by: context.self, number: state.log.size + 1 });
  const { state: leader, effects } = advanceCommit(rules, state.set("log", state.log.push(entry)), context);
  return rules.settled(leader, ...effects, ...appendsTo(context.peers, leader));
}

export function hearAppended(
  rules: Rules,
  state: Server,
  { term, match }: Appended,
  { from, context }: { readonly from: Sender; readonly context: Context },
): Reaction<Server> {
  if (state.role !== "leader" || state.term !== term) return become(state);
  if (match <= (state.match.get(from.node) ?? 0)) return become(state);
  const told = state.setIn(["match", from.node], match).setIn(["next", from.node], match + 1);
  const { state: leader, effects } = advanceCommit(rules, told, context);
  const isBehind = match < leader.log.size;
  const receivers = leader.committed > state.committed ? context.peers : isBehind ? [from.node] : [];
  return rules.settled(leader, ...effects, ...appendsTo(receivers, leader));
}

/** Goes one position back; a refusal of what is no longer tried changes nothing. */
export function hearMismatch(
  rules: Rules,
  state: Server,
  { term, previous }: Mismatch,
  from: Sender,
): Reaction<Server> {
  const isCurrent = state.role === "leader" && state.term === term && state.next.get(from.node) === previous + 1;
  if (!isCurrent) return become(state);
  const leader = state.setIn(["next", from.node], previous);
  return rules.settled(leader, ...appendsTo([from.node], leader));
}

/** Commits up to the last position that a majority has and whose entry is of the leader's own term (section 5.4.2). */
function advanceCommit(rules: Rules, state: Server, context: Context): Reaction<Server> {
  const { log, match, term } = state;
  const isCommitted = (position: number): boolean => {
    const holders = 1 + match.count((known) => known >= position);
    const isOwn = termAt(log, position) === term;
    return holders * 2 > context.peers.length + 1 && (isOwn || rules.countsEarlierTerms);
  };
  let committed = log.size;
  while (committed > state.committed && !isCommitted(committed)) committed -= 1;
  const news = log.slice(state.committed, committed).toArray();
  return become(
    state.set("committed", committed),
    ...news.flatMap((entry, i) => {
      const position = state.committed + i + 1;
      return [emit("committed", { term, position, entry }), emit("applied", { position, entry })];
    }),
  );
}
