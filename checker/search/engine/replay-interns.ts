import type { System } from "../../../sim/system.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { Edges } from "./edges.js";
import {
  arrival,
  deliveryRow,
  faultyRow,
  interning,
  type InternLog,
  InternsDiverged,
  type Made,
  messageFaultsRow,
  networkRow,
  observed,
  ownFaultsRow,
  ownRow,
  regularRow,
} from "./intern-log.js";
import type { Rows } from "./rows.js";

/** What gives ids, and tells the log. */
export interface Makers {
  readonly rows: Pick<Rows, "regular" | "faulty" | "ofNetwork" | "own" | "delivery" | "ownFaults" | "messageFaults">;
  readonly edges: Pick<Edges, "arrive" | "beginInterning" | "observe">;
}

/**
 * Makes all that the log tells of and that has not been made here yet, or so many entries of it. When a field turns out to be too narrow (`outgrown`),
 * it may be called again after widening.
 *
 * @throws InternsDiverged when user code gives something else than it did.
 */
export function replayInterns(log: InternLog, makers: Makers, entries = Number.POSITIVE_INFINITY): void {
  const end = Math.min(log.length, log.replayed + entries);
  while (log.replayed < end) {
    const entry = log.replayed;
    const made = log.at(entry);
    try {
      makeAgain(makers, made);
    } catch (error) {
      // User code that fails now did not then.
      throw error instanceof NodeFailure ? new InternsDiverged(entry, made) : error;
    }
    if (log.replayed === entry) throw new InternsDiverged(entry, made);
  }
}

/** Whose code made it, as the beginning of a sentence: it "gives". */
export function culpritOf(system: System, { kind, owner }: Made): string {
  if (kind === observed) return `the monitor "${system.monitors[owner]?.name}" gives`;
  return `the code of ${system.participants[owner]} gives`;
}

function makeAgain({ rows, edges }: Makers, { kind, owner, first, second, third }: Made): void {
  switch (kind) {
    case regularRow:
      rows.regular(owner, first, second, third);
      break;
    case faultyRow:
      rows.faulty(owner, first, second, third);
      break;
    case networkRow:
      rows.ofNetwork(third);
      break;
    case ownRow:
      rows.own(owner, first, third);
      break;
    case deliveryRow:
      rows.delivery(owner, first, second, third);
      break;
    case ownFaultsRow:
      rows.ownFaults(owner, first, third);
      break;
    case messageFaultsRow:
      rows.messageFaults(owner, first, second, third);
      break;
    case interning:
      edges.beginInterning(owner);
      break;
    case arrival:
      edges.arrive(owner, first, second);
      break;
    case observed:
      edges.observe(owner, first, second);
      break;
    default:
      throw new Error(`There is no kind ${kind} of entries in an intern log.`);
  }
}
