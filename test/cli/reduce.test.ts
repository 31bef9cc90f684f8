import { expect, test } from "vitest";
import { Folder } from "./command-line.js";

const folder = new Folder();
const threeRms = ["check", "two-phase-commit", "--param", "rms=3"];

test("--reduce symmetry counts orbits, and --audit both", async () => {
  const { code, document, stderr } = await folder.json([...threeRms, "--reduce", "symmetry", "--audit"]);

  expect(document).toMatchObject({
    verdict: "holds",
    reduce: "symmetry",
    states: 80,
    depth: 11,
    alike: [["rm1", "rm2", "rm3"]],
    notes: [],
    withoutReduction: { states: 288, transitions: 1601, depth: 11 },
  });
  expect(stderr).toContain("alike: rm1, rm2, rm3");
  expect(stderr).toContain("without the reduction the same, in 288 states, 1,601 transitions, depth 11");
  expect(code).toBe(0);
});

test("--reduce por and all leave out more", async () => {
  const states = [];
  for (const name of ["por", "all"]) {
    const { code, document } = await folder.json(["check", "paxos", "--reduce", name, "--audit"]);
    expect(document).toMatchObject({ verdict: "holds", withoutReduction: { states: 101_408 }, neverReached: [] });
    expect(code).toBe(0);
    states.push(document.states);
  }
  expect(states[0]).toBeLessThan(101_408 / 5);
  expect(states[1]).toBeLessThan((states[0] as number) / 3);
});

test("without --reduce nothing is said of it", async () => {
  const { document } = await folder.json(threeRms);

  expect(document).toMatchObject({ reduce: "none", alike: [], notes: [], withoutReduction: null, states: 288 });
});

test("a violation in a reduced search is a real run, whose schedule replays", async () => {
  const { code, document } = await folder.json([
    ...["check", "paxos", "--param", "promise=off", "--reduce", "symmetry", "--audit", "--out", "paxos.schedule.json"],
  ]);
  const replayed = await folder.json(["replay", "paxos.schedule.json"]);

  expect(document).toMatchObject({ verdict: "violated", property: "no two proposers decide on different values" });
  expect(code).toBe(1);
  expect(replayed).toMatchObject({ code: 1, document: { verdict: "violated", detail: document.detail } });
});

test.each([
  [["--audit"], "--audit compares a reduced search with the whole one"],
  [
    ["--reduce", "symmetry", "--strategy", "depth-first"],
    "A reduced search goes breadth-first; leave --strategy out, or --reduce.",
  ],
  [
    ["--reduce", "symmetry", "--param", "refinement=true"],
    '"it is a transaction commit" judges every step against the abstract scenario',
  ],
  [["--reduce", "symmetry", "--checkpoint", "rms.checkpoint"], "--checkpoint and --resume do not work with --reduce"],
  [["--reduce", "half"], "'half' is invalid"],
])("%j is refused", async (options, message) => {
  const { code, stderr, stdout } = await folder.run([...threeRms, ...options]);

  expect(stderr).toContain(message);
  expect(stdout).not.toContain("holds");
  expect(code).toBe(2);
});
