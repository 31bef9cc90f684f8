import { expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

test("the same seed gives the same document, to the byte but for what is measured", async () => {
  const line = ["check", "zardozbook", "--strategy", "pct", "--seed", "4", "--runs", "500"];
  const [one, other] = [await folder.spawnJson(line), await folder.json(line)];

  const texts = [one, other].map(({ document }) => JSON.stringify({ ...document, measured: null }));
  expect(texts[0]).toBe(texts[1]);
  expect(one).toMatchObject({ code: 1, document: { verdict: "violated", strategy: "pct", bound: 3, seed: 4 } });
  const replayed = await folder.json(["replay", "zardozbook.schedule.json"]);
  expect(replayed).toMatchObject({ code: 1, document: { verdict: "violated", steps: one.document.steps } });
  expect(JSON.parse(folder.read("zardozbook.schedule.json"))).toMatchObject({ origin: { strategy: "pct", seed: 4 } });
});

test("walks that see no violation decide nothing, and tell the guarantee", async () => {
  const line = ["check", "paxos", "--strategy", "pct", "--bound", "2", "--runs", "300"];
  const told = await folder.run(line);
  const { document, code } = await folder.json(line);

  expect(told.stdout).toMatch(/^\? not decided {2}walks alone decide nothing$/m);
  expect(told.stdout).toMatch(/^ {2}300 walks, [\d,]+ states, [\d,]+ transitions; /m);
  expect(told.stdout).toMatch(
    /^ {2}a bug of depth 2 shows itself in a walk with probability 1\/\d+ or more, in all of them with [\d.]+ % or more \(\d+ lanes, \d+ steps\)$/m,
  );
  expect(code).toBe(3);
  expect(document).toMatchObject({
    verdict: "unknown",
    limit: "runs",
    complete: false,
    runs: 300,
    seed: 1,
    depth: null,
    guarantee: { depth: 2, perRun: expect.any(Number) as number },
  });
});

test("a delay bound that cuts schedules decides nothing, and one that does not decides", async () => {
  const line = ["check", "two-phase-commit", "--param", "rms=2", "--strategy", "delay-bounded", "--bound"];
  const cut = await folder.run([...line, "3"]);
  const whole = await folder.json([...line, "20"]);

  expect(cut.code).toBe(3);
  expect(cut.stdout).toContain("? not decided  schedules with more delays than --bound were not visited\n");
  expect(cut.stdout).toContain("  all schedules with at most 3 delays were visited\n");
  expect(whole).toMatchObject({
    code: 0,
    document: { verdict: "holds", complete: true, states: 56, transitions: 209, bound: 20, exhausted: null },
  });
});

test("iterative deepening that is ended says up to which depth it has found all states", async () => {
  const line = ["check", "two-phase-commit", "--param", "rms=3", "--max-depth", "6"];
  const broad = await folder.json(line);
  const { stdout, code } = await folder.run([...line, "--strategy", "iterative-deepening"]);

  expect(code).toBe(3);
  expect(stdout).toContain("? not decided  states beyond --max-depth were not visited\n");
  expect(stdout).toContain(`  ${String(broad.document.states)} states, `);
  expect(stdout).toContain("  all states up to depth 6 were visited\n");
});

test("best-first goes by the scenario's score", async () => {
  folder.write("scored.ts", counterScenario({ define: "score: (view) => view.clients().length," }));

  const { code, document } = await folder.json(["check", "scored.ts", "--strategy", "best-first"]);

  expect(document).toMatchObject({ verdict: "holds", strategy: "best-first", complete: true });
  expect(code).toBe(0);
});

test("Ctrl-C ends walks with what is known by then", async () => {
  const line = ["check", "raft", "--strategy", "random", "--runs", "100000000"];
  const { code, document } = await folder.spawnJson(line, { signal: { when: /walks to go · /, name: "SIGINT" } });

  expect(document).toMatchObject({ verdict: "unknown", limit: "interrupted", complete: false });
  expect(document.runs).toBeGreaterThan(10);
  expect(code).toBe(3);
});
