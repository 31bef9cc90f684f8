import { expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

test("zardozbook is violated, with a witness that replays", async () => {
  const { code, document, stdout } = await folder.json(["check", "zardozbook"]);
  const replayed = await folder.json(["replay", "zardozbook.schedule.json"]);

  expect(document).toMatchObject({
    scenario: "zardozbook",
    verdict: "violated",
    limit: null,
    complete: false,
    property: "Bob is never shown what Ava posts after her unfriending of him was acknowledged",
    schedule: "zardozbook.schedule.json",
  });
  expect(document.measured).toEqual({
    seconds: expect.any(Number) as number,
    cpuSeconds: expect.any(Number) as number,
    peakBytes: expect.any(Number) as number,
    baseBytes: expect.any(Number) as number,
  });
  expect(stdout).not.toContain(folder.path);
  expect(code).toBe(1);
  expect(replayed).toMatchObject({ code: 1, document: { verdict: "violated", steps: document.steps } });
});

// 2^N + 4^N + 6^N.
test.each([
  [1, 12],
  [2, 56],
  [3, 288],
  [4, 1568],
  [5, 8832],
])("two-phase commit with %i resource managers holds and has %i states, whatever the order", async (rms, states) => {
  for (const strategy of rms === 5 ? ["breadth-first", "depth-first", "iterative-deepening"] : ["breadth-first"]) {
    const { code, document } = await folder.json([
      "check",
      "two-phase-commit",
      "--param",
      `rms=${rms}`,
      "--strategy",
      strategy,
    ]);

    const depth = strategy === "breadth-first" ? 3 * rms + 2 : null;
    expect(document).toMatchObject({
      verdict: "holds",
      complete: true,
      states,
      depth,
      params: { rms },
      schedule: null,
    });
    expect(code).toBe(0);
  }
});

test.each([
  ["--max-states 100", "max-states"],
  ["--max-depth 4", "max-depth"],
  ["--time-limit 1ms", "time-limit"],
  ["--memory-limit 1MB", "memory-limit"],
])("with %s it is not decided, and says which limit it was", async (flags, limit) => {
  const { code, document } = await folder.json(["check", "two-phase-commit", "--param", "rms=6", ...flags.split(" ")]);

  expect(document).toMatchObject({ verdict: "unknown", limit, complete: false });
  expect(code).toBe(3);
});

test("when the heap that Node allows is nearly full, the verdict is unknown by the memory limit", async () => {
  folder.write("endless.ts", endless);
  const { code, document, stderr } = await folder.spawnJson(["check", "endless.ts"], {
    env: { NODE_OPTIONS: "--max-old-space-size=100" },
  });

  expect(document).toMatchObject({ verdict: "unknown", limit: "memory-limit" });
  expect(stderr).not.toContain("heap out of memory");
  expect(code).toBe(3);
});

// Each state is new, and takes 20 kB.
const endless = `import { become, defineNode, defineScenario, setTimer } from "hindcast";
const node = defineNode<{ n: number; text: string }, never>({
  role: "node",
  start: () => become({ n: 0, text: "" }, setTimer("tick", 1)),
  onMessage: {},
  onTimer: { tick: ({ n }) => become({ n: n + 1, text: String(n).padStart(20_000, "x") }, setTimer("tick", 1)) },
});
export const scenario = defineScenario({
  name: "endless", about: "Counts for ever.", scope: "Infinite.", define: () => ({ nodes: { node }, properties: [] }),
});
`;

test("Ctrl-C ends it with what is known by then", async () => {
  const line = ["check", "zardozbook", "--param", "servers=3", "--param", "fix=sticky"];
  const { code, document } = await folder.spawnJson(line, { signal: { when: /states · /, name: "SIGINT" } });

  expect(document).toMatchObject({ verdict: "unknown", limit: "interrupted", complete: false });
  expect(document.states).toBeGreaterThan(100);
  expect(code).toBe(3);
});

test("fault budgets are part of the scope, and widen it", async () => {
  folder.write("counter.ts", counterScenario());

  const without = await folder.json(["check", "counter.ts"]);
  const withDrop = await folder.json(["check", "counter.ts", "--faults", "drop=1"]);

  expect(without.document).toMatchObject({ verdict: "holds", scope: "Finite.", states: 4 });
  expect(withDrop.document).toMatchObject({ scope: "Finite. Fault budgets: drop=1.", faults: { drop: 1 } });
  expect(withDrop.document.states).toBeGreaterThan(4);
});

test("JUnit and SARIF reports say what was violated, and where", async () => {
  folder.write("two.ts", counterScenario({ onMessage: "(state) => become({ n: state.n + 2 })" }));

  await folder.run(["check", "two.ts", "--quiet", "--junit", "two.xml", "--sarif", "two.sarif"]);

  expect(folder.read("two.xml")).toMatch(
    /<testsuite name="counter" tests="1" failures="1" errors="0" skipped="0" time="[\d.]+">\n\s+<testcase classname="counter" name="it stays below two"><failure message="two"\/><\/testcase>/,
  );
  expect(JSON.parse(folder.read("two.sarif"))).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "hindcast", rules: [{ id: "it stays below two" }] } },
        results: [
          {
            ruleId: "it stays below two",
            level: "error",
            message: { text: "two" },
            locations: [{ physicalLocation: { artifactLocation: { uri: "two.ts" } } }],
          },
        ],
      },
    ],
  });
});

test("--quiet prints the verdict only, and colours go with --no-color and NO_COLOR", async () => {
  const quiet = await folder.run(["check", "ring", "--quiet"]);
  const coloured = await folder.run(["check", "ring", "--quiet"], { env: { FORCE_COLOR: "1" } });
  const asked = await folder.run(["check", "ring", "--quiet", "--no-color"], { env: { FORCE_COLOR: "1" } });
  const environment = await folder.run(["check", "ring", "--quiet"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });

  expect(quiet).toEqual({ code: 0, stdout: "✓ holds  everything within the scope was visited\n", stderr: "" });
  expect(coloured.stdout).toContain("\u001b[32m");
  expect(asked.stdout).toBe(quiet.stdout);
  expect(environment.stdout).toBe(quiet.stdout);
});
