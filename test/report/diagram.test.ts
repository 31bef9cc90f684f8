import { expect, test } from "vitest";
import { causalPast } from "../../checker/causality.js";
import { chainText } from "../../report/chain-text.js";
import { diagram } from "../../report/diagram.js";
import { gossip } from "../../scenarios/gossip.js";
import { ring } from "../../scenarios/ring.js";
import { compile } from "../../sim/compile.js";
import { run } from "../../sim/run.js";
import { firstInOrder } from "../../sim/strategy/listing.js";
import { scripted } from "../../sim/strategy/scripted.js";
import type { StrategyFor } from "../../sim/strategy.js";
import type { System } from "../../sim/system.js";
import { bare, bracketed } from "./bare-paint.js";

function traceOf(system: System, strategy: StrategyFor, maxSteps = 10_000) {
  const { trace } = run(system, strategy, { maxSteps, trace: "details" });
  if (trace === undefined) throw new Error("there is a trace");
  return trace;
}

const small = compile(gossip, { parameters: { nodes: 2, rumours: 1 }, faults: { drop: 1, crash: 1 } });
const starts = (start: string) => (name: string) => name.startsWith(start);
const story = scripted(
  ["invoke", "deliver @town->@g1", "drop @g1->@town", "crash @g2", "deliver @g1->@g2"].map(starts),
);

test("arrows run from sender to receiver, and a cross marks what is lost and who crashes", () => {
  expect(diagram(traceOf(small, story), { paint: bare }).split("\n")).toEqual([
    "       town",
    "       │   g1",
    "       │   │   g2",
    "    1  ●   │   │   town asks g1: tell(rumour: 1)",
    "    2  ╰──▶●   │   g1 gets tell(rumour: 1) from town",
    "    3  │ ✗─╯   │   told from g1 to town is dropped".replace("│ ✗─╯", "│✗──╯"),
    "    4  │   │   ✗   g2 crashes",
    "    5  │   ╰──✗│   rumour(rumour: 1) from g1 is lost: g2 is down  (sent at 2)",
  ]);
});

test("what befalls a message on its way is drawn as no arrival", () => {
  const system = compile(gossip, { parameters: { nodes: 2, rumours: 1 }, faults: { duplicate: 1 } });
  const twice = scripted(["invoke", "duplicate @town->@g1", "deliver @town->@g1", "deliver @town->@g1"].map(starts));

  expect(diagram(traceOf(system, twice), { paint: bare }).split("\n")).toEqual([
    "       town",
    "       │   g1",
    "    1  ●   │   town asks g1: tell(rumour: 1)",
    "    2  ╰──+│   tell(rumour: 1) from town to g1 is duplicated",
    "    3  ╰──▶●   g1 gets tell(rumour: 1) from town  (sent at 1)",
    "    4  ╰──▶●   g1 gets tell(rumour: 1) from town  (sent at 2)",
  ]);
});

test("what is not highlighted is dim as a whole line", () => {
  const trace = traceOf(small, story);
  const past = causalPast(trace, trace.initialEvents + 1);

  const rows = diagram(trace, { paint: bracketed, highlighted: past }).split("\n").slice(3);

  expect(rows.map((row) => row.startsWith("‹"))).toEqual([false, false, true, true, true]);
});

test("a run of thousands of events folds to its beginning, its end and the latest highlighted ones", () => {
  const system = compile(gossip, { parameters: { nodes: 64, rumours: 50, fanout: 1 } });
  const trace = traceOf(system, firstInOrder());
  const last = trace.length - 1;
  const past = causalPast(trace, last);

  const rows = diagram(trace, { paint: bare, highlighted: past, foldAbove: 60 }).split("\n");

  expect(trace.length - trace.initialEvents).toBeGreaterThan(3000);
  const numbered = rows.filter((row) => /^ +\d+ {2}[│●╰╯─]/.test(row));
  expect(numbered).toHaveLength(60);
  const folded = rows
    .flatMap((row) => /⋮ {2}(\d+) more/.exec(row)?.[1] ?? [])
    .reduce((sum, count) => sum + Number(count), 0);
  expect(folded + numbered.length).toBe(trace.length - trace.initialEvents);
  expect(numbered.at(-1)).toMatch(new RegExp(`^ *${trace.length - trace.initialEvents} `));
});

test("no row is wider than it may be, however long its message", () => {
  const trace = traceOf(compile(ring), firstInOrder());

  for (const row of diagram(trace, { paint: bare, width: 80 }).split("\n")) expect(row.length).toBeLessThanOrEqual(80);
});

test("each link of a chain says how the one before leads to it, unless a message came straight from there", () => {
  const trace = traceOf(small, story);
  const first = trace.initialEvents;

  expect(chainText(trace, [first, first + 1, first + 4], { paint: bare }).split("\n")).toEqual([
    "    1  town asks g1: tell(rumour: 1)",
    "    2  g1 gets tell(rumour: 1) from town",
    "    5  rumour(rumour: 1) from g1 is lost: g2 is down  ← sent at 2",
  ]);
});
