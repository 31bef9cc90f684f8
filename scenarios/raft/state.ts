import { List, Map, Record, Set } from "immutable";
import type { NodeId } from "../../sim/node-id.js";

/** An entry of the log. `by` and `number` stand for a command: the leader that took it, and its how-manieth. */
export class Entry extends Record({ term: 0, by: null as NodeId | null, number: 0 }) {}

export type Log = List<Entry>;

/** A server that is up. Positions in the log count from 1. */
export class Server extends Record({
  role: "follower" as "follower" | "candidate" | "leader",
  term: 0,
  votedFor: null as NodeId | null,
  log: List<Entry>(),
  committed: 0,
  /** Of a candidate: who has voted for it. */
  votes: Set<NodeId>(),
  /** Of a leader: for each peer, the position to send next, and up to where the logs are known to be the same. */
  next: Map<NodeId, number>(),
  match: Map<NodeId, number>(),
}) {}

/** What survives a crash. */
export class Saved extends Record({ term: 0, votedFor: null as NodeId | null, log: List<Entry>() }) {}

export function termAt(log: Log, position: number): number {
  return position === 0 ? 0 : (log.get(position - 1)?.term ?? 0);
}

/** The same server as a follower in a term, with its vote if it was cast in that term. */
export function follower(state: Server, term: number): Server {
  return new Server({
    term,
    votedFor: term === state.term ? state.votedFor : null,
    log: state.log,
    committed: state.committed,
  });
}

export interface RequestVote {
  readonly kind: "request-vote";
  readonly term: number;
  readonly lastPosition: number;
  readonly lastTerm: number;
}
export interface Vote {
  readonly kind: "vote";
  readonly term: number;
}
export interface Append {
  readonly kind: "append";
  readonly term: number;
  /** The position before the entries, and the term of the entry there. */
  readonly previous: number;
  readonly previousTerm: number;
  readonly entries: Log;
  readonly committed: number;
}
export interface Appended {
  readonly kind: "appended";
  readonly term: number;
  readonly match: number;
}
export interface Mismatch {
  readonly kind: "mismatch";
  readonly term: number;
  readonly previous: number;
}
export type RaftMessage = RequestVote | Vote | Append | Appended | Mismatch;
