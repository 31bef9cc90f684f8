import { expect, test } from "vitest";
import { Folder } from "./command-line.js";

const folder = new Folder();

const ticking = `import { become, defineNode, defineScenario, setTimer } from "hindcast";
const clock = defineNode<{ ticks: number }, never>({
  role: "clock",
  start: () => become({ ticks: 0 }, setTimer("tick", 1)),
  onMessage: {},
  onTimer: { tick: ({ ticks }) => become({ ticks: ticks + 1 }, setTimer("tick", 1)) },
});
export const scenario = defineScenario({
  name: "ticking", about: "Counts for ever.", scope: "Infinite.", define: () => ({ nodes: { clock }, properties: [] }),
});
`;

test("an endless scenario ends at its limit with the name of the field that grows", async () => {
  folder.write("ticking.ts", ticking);
  const prose = await folder.run(["check", "ticking.ts", "--max-states", "90"]);
  const { document } = await folder.json(["check", "ticking.ts", "--max-states", "90"]);

  expect(prose.stdout).toContain(
    "  ticks in the state of clock keeps growing: 29 at depth 30, 59 at depth 60, 90 at depth 91, and nothing is used up on the way. " +
      "If nothing bounds it, no search ends: give it a budget, or leave it out.\n",
  );
  expect(document.growing).toMatchObject({ where: "the state of clock", field: "ticks" });
  expect(document.estimate).toBeNull();
});

test("a search that is cut off says how many states there are in all, about", async () => {
  const args = ["check", "two-phase-commit", "--param", "rms=6", "--max-states", "40000"];
  const prose = await folder.run(args);
  const { document } = await folder.json(args);
  const { atLeast, atMost } = document.estimate as { readonly atLeast: number; readonly atMost: number };

  expect(prose.stdout).toMatch(/ {2}about [\d,]+ states in all \([\d,]+ to [\d,]+\)\n/);
  expect(atLeast).toBeLessThanOrEqual(50816);
  expect(atMost).toBeGreaterThanOrEqual(50816);
});

test("--coverage tells in which local states each handler ran", async () => {
  const { stdout } = await folder.run(["check", "two-phase-commit", "--coverage"]);
  const { document } = await folder.json(["check", "ring", "--faults", "drop=1"]);

  expect(stdout).toContain("  tm.onMessage.prepared: ran in all 3 local states\n");
  expect(stdout).toContain("  tm.onChoice.decide: ran in init; never in aborted, committed\n");
  expect(document).toHaveProperty("handlers");
  expect(document.faultsNeverSeen).toEqual([]);
});

test("a search whose limits are reached before it begins ends with no states", async () => {
  const ended = await folder.spawnJson(["check", "two-phase-commit", "--memory-limit", "1MB"]);

  expect(ended).toMatchObject({ code: 3, document: { verdict: "unknown", limit: "memory-limit", states: 0 } });
});

test("a search stops before its tables grow past the memory limit", async () => {
  const args = ["check", "two-phase-commit", "--param", "rms=8", "--memory-limit", "140MB"];
  const { code, document } = await folder.spawnJson(args, { isMeasured: true });
  const { peakBytes } = document.measured as { readonly peakBytes: number };

  expect(document).toMatchObject({ verdict: "unknown", limit: "memory-limit", complete: false });
  expect(peakBytes).toBeLessThan(140 * 2 ** 20 * 1.02);
  expect(code).toBe(3);
});

test("when the memory runs short a search goes on with hashes, further than it would without, and is not decided", async () => {
  const args = ["check", "two-phase-commit", "--param", "rms=8", "--memory-limit", "125MB"];
  const [stopped, { code, document, stderr }] = [
    await folder.spawnJson(args),
    await folder.spawnJson([...args, "--past-memory-limit", "compact"], { isMeasured: true }),
  ];
  const { peakBytes } = document.measured as { readonly peakBytes: number };

  expect(stopped.document).toMatchObject({ verdict: "unknown", limit: "memory-limit" });
  expect(document).toMatchObject({ verdict: "unknown", complete: false });
  expect(["hash-compaction", "memory-limit"]).toContain(document.limit);
  expect(document.states).toBeGreaterThan(1.3 * (stopped.document.states as number));
  expect(peakBytes).toBeLessThan(125 * 2 ** 20 * 1.05);
  expect(stderr).toMatch(
    /of each state a hash of \d\d bits was kept: the probability that any state was left out is at most \d\.\de-\d+/,
  );
  expect(code).toBe(3);
});

test("hashes alone are refused for other strategies", async () => {
  const { code, stderr } = await folder.run([
    ...["check", "ring", "--strategy", "depth-first"],
    ...["--past-memory-limit", "compact"],
  ]);

  expect(stderr).toBe(
    "--past-memory-limit compact goes with --strategy breadth-first and without --reduce alone; leave one out.\n",
  );
  expect(code).toBe(2);
});
