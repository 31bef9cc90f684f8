import { expect, test } from "vitest";
import { type Document, Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

const withoutMeasured = (document: Document): Document => ({ ...document, measured: null });

test("the same runs in two processes give the same bytes outside `measured`, and the same schedule", async () => {
  const line = ["run", "zardozbook", "--runs", "200", "--seed", "1", "--param", "reads=3"];
  const first = await folder.spawnJson([...line, "--out", "found.schedule.json"]);
  const schedule = folder.read("found.schedule.json");
  const second = await folder.spawnJson([...line, "--out", "found.schedule.json"]);

  expect(JSON.stringify(withoutMeasured(second.document))).toBe(JSON.stringify(withoutMeasured(first.document)));
  expect(folder.read("found.schedule.json")).toBe(schedule);
  expect(first.document).toMatchObject({ runs: 200, seed: 1, verdict: "violated", schedule: "found.schedule.json" });
  expect(first.code).toBe(1);
});

test("a found schedule replays to the same violation, twice with the same bytes", async () => {
  await folder.run(["run", "zardozbook", "--runs", "200", "--param", "reads=3", "--out", "again.schedule.json"]);

  const first = await folder.json(["replay", "again.schedule.json"]);
  const second = await folder.json(["replay", "again.schedule.json"]);

  expect(first).toMatchObject({ code: 1, document: { verdict: "violated", scenario: "zardozbook", diverged: null } });
  expect(second.stdout).toBe(first.stdout);
  expect(second.stderr).toBe(first.stderr);
});

test("two thousand runs of zardozbook with its defaults see the race", async () => {
  const { code, document } = await folder.json(["run", "zardozbook", "--runs", "2000", "--seed", "1"]);

  expect(document).toMatchObject({ verdict: "violated", schedule: "zardozbook.schedule.json", neverReached: [] });
  expect(document.violations).toBeGreaterThan(0);
  expect(code).toBe(1);
});

test("runs that --max-steps cuts off are told", async () => {
  const { stdout } = await folder.run(["run", "ring", "--runs", "20", "--max-steps", "3"]);
  const { document } = await folder.json(["run", "ring", "--runs", "20", "--max-steps", "3"]);

  expect(stdout).toMatch(/^ {2}all of them were cut off by --max-steps, before their end$/m);
  expect(document).toMatchObject({ verdict: "unknown", cutOff: 20 });
});

test("runs without a violation decide nothing, with exit code 0 and no schedule", async () => {
  const { code, document } = await folder.json(["run", "ring", "--runs", "20"]);

  expect(document).toEqual({
    scenario: "ring",
    params: { nodes: 4, "forward-smaller": false },
    faults: {},
    seed: 1,
    runs: 20,
    verdict: "unknown",
    limit: "runs",
    violations: 0,
    cutOff: 0,
    foundAt: null,
    property: null,
    detail: null,
    steps: null,
    schedule: null,
    histories: [],
    neverReached: [],
    notJudged: [],
    measured: { seconds: expect.any(Number) as number },
  });
  expect(code).toBe(0);
});

test("with --out a run without a violation is written too: the first seed's, to be replayed and explained", async () => {
  const { code, stdout } = await folder.run(["run", "ring", "--runs", "9", "--seed", "7", "--out", "plain.json"]);
  const replayed = await folder.json(["replay", "plain.json"]);
  const why = await folder.json(["why", "plain.json"]);

  expect(stdout).toMatch(/✓ no violation seen {2}in 9 runs, .*\n {2}the first of them, \d+ steps, is written\n/);
  expect(stdout).toContain("Written to plain.json. See it again, and ask why:");
  expect(code).toBe(0);
  expect(JSON.parse(folder.read("plain.json"))).toMatchObject({
    property: null,
    step: null,
    origin: { strategy: "timed", seed: 7 },
  });
  expect(replayed).toMatchObject({ code: 0, document: { verdict: "unknown", diverged: null } });
  expect(why.document).toMatchObject({ status: "exact", outcome: { id: replayed.document.steps } });
});

test("a property that no run reaches is named", async () => {
  const { stdout } = await folder.run(["run", "gossip", "--runs", "5", "--max-steps", "2"]);

  expect(stdout).toContain("never reached: everybody knows all rumours");
});

test("a schedule beside a user's scenario names it by its relative path, and replays from another folder", async () => {
  folder.write("mine/counter.ts", counterScenario({ onMessage: "(state) => become({ n: state.n + 2 })" }));

  const found = await folder.json(["run", "mine/counter.ts", "--runs", "1", "--out", "mine/two.schedule.json"]);
  const replayed = await folder.json(["replay", "mine/two.schedule.json"]);

  expect(found.document).toMatchObject({ schedule: "mine/two.schedule.json", steps: 2 });
  expect(JSON.parse(folder.read("mine/two.schedule.json"))).toMatchObject({
    scenario: "counter.ts",
    origin: { strategy: "timed", seed: 1 },
  });
  expect(replayed).toMatchObject({ code: 1, document: { verdict: "violated", codeChanged: false } });
});

test("a trace has a header and one line an event, each with its causes", async () => {
  await folder.run(["run", "ring", "--runs", "1", "--trace", "ring.jsonl"]);

  const [header, ...events] = folder
    .read("ring.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Document);

  expect(header).toMatchObject({ format: 1, scenario: "ring", events: events.length });
  expect(events[0]).toMatchObject({ id: -3, node: "n1", kind: "start", causes: [] });
  expect(events[4]).toMatchObject({ id: 1, kind: "deliver", causes: [{ via: "message" }, { via: "program" }] });
  expect(events[4]?.time).toBeGreaterThan(0);
});

test("Ctrl-C ends it with what is known by then, with the exit code of a run that saw no violation", async () => {
  const line = ["run", "ring", "--runs", "100000000", "--json"];
  const { code, stdout, stderr } = await folder.spawn(line, { signal: { when: /runs · /, name: "SIGINT" } });
  const document = JSON.parse(stdout) as { readonly runs: number };

  expect(document).toMatchObject({ verdict: "unknown", limit: "interrupted", violations: 0 });
  expect(document.runs).toBeGreaterThan(0);
  expect(stderr).toMatch(
    /✓ no violation seen {2}in .* runs, which proves nothing\n {2}interrupted: .* runs were not made/,
  );
  expect(code).toBe(0);
});
