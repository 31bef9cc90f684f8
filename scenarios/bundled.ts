import { abd } from "./abd.js";
import type { Scenario } from "../sim/scenario.js";
import { gossip } from "./gossip.js";
import { paxos } from "./paxos.js";
import { raft } from "./raft.js";
import { register } from "./register.js";
import { ring } from "./ring.js";
import { transactionCommit } from "./transaction-commit.js";
import { twoPhaseCommit } from "./two-phase-commit.js";
import { zardozbook } from "./zardozbook.js";

/** A scenario that comes with the tool. */
export interface Bundled {
  readonly scenario: Scenario;
  /** How many states its default scope has; null where the number is not settled. */
  readonly states: number | null;
}

/** The bundled scenarios, in the order in which they are listed. */
export const bundled: readonly Bundled[] = [
  { scenario: zardozbook, states: null },
  { scenario: transactionCommit, states: 34 },
  { scenario: twoPhaseCommit, states: 288 },
  { scenario: paxos, states: 101_408 },
  { scenario: raft, states: 934_365 },
  { scenario: register, states: 84 },
  { scenario: abd, states: 1_508 },
  { scenario: ring, states: 60 },
  { scenario: gossip, states: 46 },
];
