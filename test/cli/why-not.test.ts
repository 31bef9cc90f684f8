import { expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

const paper = ["why-not", "zardozbook/paper"];

test("why-not of the unfriend names the push that was missed, a nearest good run, and the orderings that force the page", async () => {
  const { code, document } = await folder.json([...paper, "ava:0", "--max-states", "3000", "--out", "good.json"]);

  expect(document).toMatchObject({ scenario: "zardozbook", event: { id: 1 }, outcome: { id: 30 }, diverged: null });
  const { cuts, ...rest } = document.nonInfluence as { readonly cuts: readonly { readonly kind: string }[] };
  expect(rest).toMatchObject({ isInfluenced: false, violationStands: false, chain: [] });
  expect(rest).toMatchObject({
    explanations: ["local", "global"].map((mode) => ({ mode, isIn: false, others: null })),
  });
  // The push of the unfriend: set when s1 took it, never fired; the database answered s3's pull at 16 without it.
  expect(cuts[0]).toEqual({
    kind: "late",
    carrier: { kind: "timer", event: 3, to: "s1", label: "push", message: null },
    at: null,
    reader: 8,
    wouldSend: [
      {
        to: "database",
        message: "{kind:'transaction',requests:[{kind:'delete',row:{friend:'bob',user:'ava'},table:'friends'}]}",
        reader: 16,
      },
    ],
  });
  expect(cuts.slice(1).every(({ kind }) => kind === "masked")).toBe(true);
  expect(document.nearest).toMatchObject({ status: "found", changes: 1 });
  // As the golden test of the library has it: s3's cache was filled by 18, or not.
  expect((document.nearest as { readonly explanations: unknown }).explanations).toMatchObject({
    status: { recorded: "exact", other: "exact" },
    outcome: { id: 27, kind: "deliver" },
    recordedOnly: [0, 10, 11, 12, 13, 14, 15, 16, 17, 18].map((id) => ({ id })),
    otherOnly: [{ id: -2, kind: "initial" }],
    partings: [
      { at: { recorded: 28, other: 25 }, recorded: [{ id: 18 }], other: [{ id: -2 }], turned: [] },
      { at: { recorded: 26, other: 23 }, recorded: [{ id: 18 }], other: [], turned: [] },
    ],
  });
  expect(document.nearestInfluenced).toMatchObject({ status: "found", changes: 1 });
  expect(document.forcing).toMatchObject({ explored: "within" });
  expect(code).toBe(0);

  const replayed = await folder.json(["replay", "good.json"]);
  expect(replayed).toMatchObject({ code: 0, document: { verdict: "unknown", property: null, diverged: null } });
});

test("in prose, each question has its own answer, and progress stays off standard output", async () => {
  const { code, stdout } = await folder.run([...paper, "1", "--max-states", "4000", "--no-color"]);

  expect(stdout).toMatch(/^Why not 1: ava asks balancer: unfriend.*\n {2}did not affect 30: bob gets page/);
  expect(stdout).toContain("late: s1's timer push, set at 3, had not fired.");
  expect(stdout).toContain("Had that come before 16, 16 would have gone differently:");
  expect(stdout).toMatch(/The nearest good run\n {2}1 changed decision, and no fewer do:\n/);
  expect(stdout).toContain("The explanation of 27 there shares 14 events with that of 30; they part at\n");
  expect(stdout).toMatch(/Which orderings force 30\n {2}Judged in every run with at most \d changed decisions? \(/);
  expect(code).toBe(0);
});

test("an event that did affect the outcome is said to, with a chain of events to it", async () => {
  const { document } = await folder.json([...paper, "ava:1", "--max-states", "300"]);

  expect(document.nonInfluence).toMatchObject({ isInfluenced: true, cuts: [], violationStands: false });
  const { chain } = document.nonInfluence as { readonly chain: readonly number[] };
  expect([chain[0], chain.at(-1)]).toEqual([10, 30]);
  expect(document.nearestInfluenced).toBeNull();
});

test("a limit that was reached is told, and nothing is claimed beyond it", async () => {
  const { document } = await folder.json([...paper, "ava:0", "--max-states", "20"]);

  expect(document.nearest).toMatchObject({ status: "unknown", changes: null, choices: null });
  expect(document.forcing).toMatchObject({ explored: expect.stringMatching(/nothing|within/) as string });
});

test.each([
  [["99"], /There is no event 99: the run has events 1 to 30/],
  [["s2"], /"s2" is ambiguous: s2 has \d+ events\. Name one of them:/],
  [["30"], /The event is the outcome itself; name another one\./],
  [["25", "--outcome", "24"], /The event comes after the outcome, and cannot have affected it; name an earlier one\./],
  [["s1#0"], /The event is the start of a node, without which there is no run; name another one\./],
  [["1", "--outcome", "31"], /There is no event 31/],
])("why-not %j is refused", async (args, message) => {
  const { code, stderr } = await folder.run([...paper, ...args]);

  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test("a violated step stays one without an event that has no part in it", async () => {
  const counter = 'nodeId("counter")';
  const asks = `inOrder(operation(${counter}, { kind: "increment" }))`;
  const below = `step("it stays below two", (_, after) => after.node<{ n: number }>(${counter}).state.n < 2 || "two")`;
  const define = `workload: { ann: ${asks}, bob: ${asks} }, properties: [${below}]`;
  folder.write("step.ts", counterScenario({ head: 'import { step } from "hindcast";', define }));
  folder.write(
    "step.json",
    scheduleOf("step.ts", [
      "invoke @ann:0",
      "deliver @ann->@counter {kind:'increment'} for {client:@ann,index:0}",
      "deliver @counter->@ann {kind:'done'} for {client:@ann,index:0}",
      "invoke @bob:0",
      "deliver @bob->@counter {kind:'increment'} for {client:@bob,index:0}",
    ]),
  );

  const aside = await folder.json(["why-not", "step.json", "3"]);
  const needed = await folder.json(["why-not", "step.json", "1"]);

  expect(aside.document.nonInfluence).toMatchObject({ isInfluenced: false, violationStands: true });
  expect(needed.document.nonInfluence).toMatchObject({ isInfluenced: true, violationStands: false });
});

test("a schedule without a violation needs an outcome", async () => {
  folder.write("counter.ts", counterScenario());
  const choices = [
    "invoke @ann:0",
    "deliver @ann->@counter {kind:'increment'} for {client:@ann,index:0}",
    "deliver @counter->@ann {kind:'done'} for {client:@ann,index:0}",
  ];
  folder.write("counter.json", scheduleOf("counter.ts", choices));
  folder.write("diverging.json", scheduleOf("counter.ts", [...choices, "invoke @ann:1"]));

  const refused = await folder.run(["why-not", "counter.json", "1"]);
  expect(refused.stderr).toMatch(/counter\.json shows no violation; name the event that is asked about with --outcome/);
  expect(refused.code).toBe(2);

  const asked = await folder.json(["why-not", "counter.json", "1", "--outcome", "3"]);
  expect(asked.document).toMatchObject({
    property: null,
    nonInfluence: { isInfluenced: true, violationStands: null, chain: [1, 2, 3] },
    nearest: { status: "none" },
    forcing: { explored: "complete", forcing: [[]], breaking: [] },
  });
  expect(asked.code).toBe(0);

  const diverged = await folder.json(["why-not", "diverging.json", "1", "--outcome", "3"]);
  expect(diverged.stderr).toMatch(/The schedule diverges at step 4; what is explained is the run up to there\./);
  expect(diverged).toMatchObject({ code: 3, document: { diverged: { step: 4 } } });
});

test("where no event of a good run is the outcome's counterpart, no run is looked for in which it is influenced", async () => {
  const broken = ["--param", "forward-smaller=true", "--runs", "300", "--out", "ring.json"];
  await folder.run(["run", "ring", ...broken]);

  const { code, document } = await folder.json(["why-not", "ring.json", "1", "--max-states", "2000"]);

  expect(document).toMatchObject({ nearest: { status: "none" }, nearestInfluenced: null });
  expect(code).toBe(0);
});

function scheduleOf(scenario: string, choices: readonly string[]): string {
  return JSON.stringify({
    format: 1,
    scenario,
    parameters: {},
    faults: {},
    property: null,
    step: null,
    origin: { strategy: "by hand", seed: null },
    code: null,
    choices,
  });
}
