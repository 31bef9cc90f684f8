import { count, oneOf } from "../sim/parameter.js";
import { defineScenario } from "../sim/scenario.js";
import { raftProperties } from "./raft/properties.js";
import { raftServer } from "./raft/server.js";

/**
 * Raft: Ongaro and Ousterhout, "In search of an understandable consensus algorithm" (2014), section 5: election, log
 * replication, crash and recovery. The network is a set of messages, so that each may be lost, late, out of order or
 * repeated.
 *
 * How the model is cut: a pending choice stands for the election timeout, and one of the leader for a client's command;
 * a leader sends when it is elected, gets a command, commits, or is answered, instead of periodically; a server is silent
 * instead of refusing a candidate or a leader of an earlier term, who learns of the new term from those who stand in it.
 */
export const raft = defineScenario({
  name: "raft",
  about: "Servers elect leaders, who replicate a log of commands.",
  parameters: {
    servers: count(3, { min: 1, max: 7 }),
    terms: count(2, { min: 1, max: 9 }),
    entries: count(1, { min: 0, max: 9 }),
    bug: oneOf("none", "forgets-vote", "commits-earlier-term", "skips-log-check"),
  },
  scope:
    "Nobody stands for a term beyond `terms`, and no log grows beyond `entries`. Crashes and recoveries by --faults. " +
    "Messages are a set: a late one stands for a lost one.",
  define: ({ servers, terms, entries, bug }) => {
    const server = raftServer({ terms, entries, bug });
    return {
      nodes: Object.fromEntries(Array.from({ length: servers }, (_, i) => [`s${i + 1}`, server])),
      links: "set",
      faults: { crash: 1, recover: 1 },
      properties: raftProperties,
    };
  },
});
