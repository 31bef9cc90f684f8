import { List, Record, Set } from "immutable";
import { defineMonitor } from "../../sim/monitor.js";
import type { NodeId } from "../../sim/node-id.js";
import { always, type Property, sometimes } from "../../sim/property.js";
import type { View } from "../../sim/view.js";
import { Entry, type Log, type Saved, type Server, termAt } from "./state.js";

/** What has happened for good: it must stay true when those who did it crash. */
class History extends Record({ elected: Set<Elected>(), committed: Set<Committed>(), applied: Set<Applied>() }) {}

/** Who became a leader, with the log at that moment. */
class Elected extends Record({ term: 0, leader: null as NodeId | null, log: List<Entry>() }) {}

/** What a leader committed, and in which term. */
class Committed extends Record({ term: 0, position: 0, entry: new Entry() }) {}

/** What some server has applied to its state machine. */
class Applied extends Record({ position: 0, entry: new Entry() }) {}

const history = defineMonitor<History>({
  name: "history",
  start: new History(),
  on: (value, event) => {
    if (event.kind !== "emit") return value;
    const { term, position, log, entry } = event.fields as unknown as Elected & Committed;
    switch (event.tracepoint) {
      case "elected":
        return value.set("elected", value.elected.add(new Elected({ term, leader: event.node, log })));
      case "committed":
        return value.set("committed", value.committed.add(new Committed({ term, position, entry })));
      case "applied":
        return value.set("applied", value.applied.add(new Applied({ position, entry })));
      default:
        return value;
    }
  },
});

const electionSafety = always(
  "no term has two leaders",
  (view) => {
    // A set has no order of its own that the sentence could go by.
    const elected = view.monitor(history).elected.toArray().sort(byTermAndLeader);
    const two = pairs(elected).find(([a, b]) => a.term === b.term && a.leader !== b.leader);
    return two === undefined || `${two[0].leader} and ${two[1].leader} were elected in term ${two[0].term}`;
  },
  { monitors: [history] },
);

function byTermAndLeader(a: Elected, b: Elected): number {
  return a.term - b.term || (String(a.leader) < String(b.leader) ? -1 : 1);
}

const logMatching = always("logs with an entry of one term at one position agree up to there", (view) => {
  const differing = pairs(logsOf(view)).find(([a, b]) => !isMatching(a.log, b.log));
  return differing === undefined || `The logs of ${differing[0].name} and ${differing[1].name} do not match`;
});

const leaderCompleteness = always(
  "the leaders of later terms have what was committed",
  (view) => {
    const { elected, committed } = view.monitor(history);
    for (const { term, position, entry } of committed) {
      const without = elected.find((one) => one.term > term && !entry.equals(one.log.get(position - 1)));
      if (without !== undefined) {
        return `${without.leader} leads in term ${without.term} without entry ${position}, committed in term ${term}`;
      }
    }
    return true;
  },
  { monitors: [history] },
);

const stateMachineSafety = always(
  "no two servers apply different entries at one position",
  (view) => {
    const applied = view.monitor(history).applied.toArray();
    const two = pairs(applied).find(([a, b]) => a.position === b.position);
    return two === undefined || `Different entries were applied at position ${two[0].position}`;
  },
  { monitors: [history] },
);

/** The four safety properties of the paper's figure 3, and what a run should come to. */
export const raftProperties: readonly Property[] = [
  electionSafety,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
  sometimes("a leader is elected", (view) => !view.monitor(history).elected.isEmpty(), { monitors: [history] }),
  sometimes("every server has applied an entry", (view) =>
    view.nodes<Server | null>("server").every(({ state }) => (state?.committed ?? 0) > 0),
  ),
];

/** How much has come about: elections, commits, and entries that were applied. */
export function raftScore(view: View): number {
  const { elected, committed, applied } = view.monitor(history);
  return elected.size + committed.size + applied.size;
}

/** The logs of all servers: of those that are down, what they have saved. */
function logsOf(view: View): { readonly name: string; readonly log: Log }[] {
  return view.nodes<Server | null>("server").map(({ id, state, stable }) => ({
    name: String(id),
    log: state?.log ?? (stable as Saved | undefined)?.log ?? List<Entry>(),
  }));
}

/** From the last position at which the terms are the same downwards, the entries are the same. */
function isMatching(a: Log, b: Log): boolean {
  let position = Math.min(a.size, b.size);
  while (position > 0 && termAt(a, position) !== termAt(b, position)) position -= 1;
  return a.take(position).equals(b.take(position));
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const));
}
