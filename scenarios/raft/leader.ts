import { type Effect, emit, send } from "../../sim/effect.js";
import { become, type Context, type Reaction } from "../../sim/node.js";
import type { NodeId } from "../../sim/node-id.js";
import { type Append, type Server, termAt } from "./state.js";

export interface LeaderRules {
  /** Whether entries of earlier terms are committed by counting who has them: the mistake of the paper's figure 8. */
  readonly countsEarlierTerms: boolean;
}

/** Sends each of the peers what it lacks, as far as the leader knows; if nothing, the position committed. */
export function appendsTo(peers: readonly NodeId[], { term, log, next, committed }: Server): Effect[] {
  return peers.map((peer) => {
    const previous = (next.get(peer) ?? 1) - 1;
    const previousTerm = termAt(log, previous);
    return send<Append>(peer, { kind: "append", term, previous, previousTerm, entries: log.skip(previous), committed });
  });
}

/** Commits up to the last position that a majority has and whose entry is of the leader's own term (section 5.4.2). */
export function advanceCommit(state: Server, context: Context, rules: LeaderRules): Reaction<Server> {
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
