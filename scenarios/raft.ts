import { List } from "immutable";
import { nodeId } from "../sim/node-id.js";
import { count, oneOf } from "../sim/parameter.js";
import { defineScenario } from "../sim/scenario.js";
import { raftProperties, raftScore } from "./raft/properties.js";
import { raftServer } from "./raft/server.js";
import { type Append, Entry } from "./raft/state.js";

/**
 * Raft: Ongaro and Ousterhout, "In search of an understandable consensus algorithm" (2014), section 5: election, log
 * replication, crash and recovery. The network is a set of messages, so that each may be lost, late, out of order or
 * repeated.
 *
 * How the model is cut: a pending choice stands for the election timeout, and one of the leader for a client's command;
 * a leader sends when it is elected, gets a command, commits, or is answered, instead of periodically; a server is silent
 * instead of refusing a candidate or a leader of an earlier term, who learns of the new term from those who stand in it.
 *
 * Of the default scope, 3 servers, 2 terms, 1 entry, one crash and recovery: 934,365 states; without the crash: 152,778.
 *
 * What is planted, and where `check` finds it:
 * - `forgets-vote`: the vote is not saved, and a server that recovers votes again in the same term. Two leaders in a term,
 *   with terms=1 entries=0.
 * - `skips-log-check`: a follower appends whatever its log has before. Logs that do not match, with entries=2 and no crash.
 * - `commits-earlier-term`: a leader counts who has an entry of an earlier term. A later leader lacks it, with terms=4
 *   begin=figure-8 and no crash. (From empty logs it needs four elections, more than the search visits in a minute.)
 */
export const raft = defineScenario({
  name: "raft",
  about: "Servers elect leaders, who replicate a log of commands.",
  parameters: {
    servers: count(3, { min: 1, max: 7 }),
    terms: count(2, { min: 1, max: 9 }),
    entries: count(1, { min: 0, max: 9 }),
    bug: oneOf("none", "forgets-vote", "commits-earlier-term", "skips-log-check"),
    begin: oneOf("empty", "figure-8"),
  },
  scope:
    "Nobody stands for a term beyond `terms`, and no leader lengthens a log beyond `entries`. One crash and one recovery " +
    "unless --faults gives others. Messages are a set: a late one stands for a lost one.",
  define: ({ servers, terms, entries, bug, begin }) => {
    const server = raftServer({ terms, entries, bug });
    const names = Array.from({ length: servers }, (_, i) => `s${i + 1}`);
    return {
      nodes: Object.fromEntries(names.map((name) => [name, server])),
      ...(begin === "figure-8" ? { initial: figure8(names) } : {}),
      links: "set",
      faults: { crash: 1, recover: 1 },
      properties: raftProperties,
      score: raftScore,
    };
  },
});

/**
 * The situation (b) of the paper's figure 8, without what may happen anyway: the first server led in term 1 and the last in
 * term 2, each has an entry of its own at position 1, and nobody else has one. All have heard of term 2.
 */
function figure8(names: readonly string[]): { readonly [name: string]: readonly Append[] } {
  const heard: Append = { kind: "append", term: 2, previous: 0, previousTerm: 0, entries: List(), committed: 0 };
  const led = (name: string, term: number): Append => {
    const entries = List([new Entry({ term, by: nodeId(name), number: 1 })]);
    return { ...heard, term, entries };
  };
  const last = names.length - 1;
  return Object.fromEntries(
    names.map((name, i) => [name, i === 0 ? [led(name, 1), heard] : i === last ? [led(name, 2)] : [heard]]),
  );
}
