import { expect, test } from "vitest";
import { type Document, Folder } from "./command-line.js";

const folder = new Folder();

/** Six nodes, each of which counts to five: 6^6 states, up to 4332 of them at one depth. */
function counters({ head = "", start = "0", properties = "" } = {}): string {
  return `import { always, become, defineNode, defineScenario, setTimer, sometimes } from "hindcast";
${head}
const counter = defineNode<{ n: number }, never>({
  role: "counter",
  start: () => become({ n: ${start} }, setTimer("tick", 1)),
  onMessage: {},
  onTimer: { tick: ({ n }) => (n < 4 ? become({ n: n + 1 }, setTimer("tick", 1)) : become({ n: n + 1 })) },
});
const sum = (view) => view.nodes("counter").reduce((all, { state }) => all + state.n, 0);
export const scenario = defineScenario({
  name: "counters",
  about: "Six counters.",
  scope: "Finite.",
  define: () => ({
    nodes: { a: counter, b: counter, c: counter, d: counter, e: counter, f: counter },
    properties: [sometimes("all are done", (view) => sum(view) === 30), ${properties}],
  }),
});
`;
}

const bounded = `always("the sum stays below 17", (view) => sum(view) < 17 || "it is " + sum(view))`;

/** With little memory reserved, as there are many searches in one process. */
function withWorkers(count: string): readonly string[] {
  return ["--workers", count, "--memory-limit", "1GB"];
}

function outsideMeasured({ document }: { readonly document: Document }): Document {
  return { ...document, measured: null };
}

test("two and three workers say of a user's own scenario what one says, wherever that ends", async () => {
  folder.write("holds.ts", counters());
  folder.write("violated.ts", counters({ properties: bounded }));
  const sixToTheSixth = { verdict: "holds", states: 46_656, depth: 31, neverReached: [] };
  for (const [line, counts, expected] of [
    [["check", "holds.ts"], ["2", "3"], sixToTheSixth],
    [["check", "violated.ts"], ["2"], { verdict: "violated", detail: "it is 17", steps: 17, depth: 18 }],
    [["check", "holds.ts", "--max-states", "30000"], ["3"], { limit: "max-states", states: 30_001 }],
  ] as const) {
    const alone = await folder.json(line);
    expect(alone.document).toMatchObject(expected);
    for (const workers of counts) {
      const together = await folder.json([...line, ...withWorkers(workers)]);
      expect(outsideMeasured(together)).toEqual(outsideMeasured(alone));
      expect(together.code).toBe(alone.code);
    }
  }
});

test("a bundled scenario with properties of whole runs ends with two workers as with one", async () => {
  const line = ["check", "gossip", "--param", "fanout=2", "--faults", "drop=1,crash=1"];
  const alone = await folder.json(line);
  const together = await folder.json([...line, ...withWorkers("2")]);

  expect(outsideMeasured(together)).toEqual(outsideMeasured(alone));
});

test("a search of two workers that is stopped goes on from its checkpoint with one, and the other way round", async () => {
  const stopped = await folder.json([
    "check",
    "holds.ts",
    "--workers",
    "2",
    "--max-states",
    "9000",
    "--checkpoint",
    "two",
  ]);
  const resumed = await folder.json(["check", "holds.ts", "--resume", "two"]);
  await folder.json(["check", "holds.ts", "--max-states", "9000", "--checkpoint", "one"]);
  const together = await folder.json(["check", "holds.ts", "--resume", "one", ...withWorkers("2")]);

  expect(stopped.document).toMatchObject({ limit: "max-states", checkpoint: "two" });
  expect(resumed.document).toMatchObject({ verdict: "holds", states: 46_656 });
  expect(outsideMeasured(together)).toEqual(outsideMeasured(resumed));
});

test("Ctrl-C ends a search of two workers with what is known by then", async () => {
  const line = ["check", "two-phase-commit", "--param", "rms=10", "--workers", "2"];
  const { code, document } = await folder.spawnJson(line, { signal: { when: /states · /, name: "SIGINT" } });

  expect(document).toMatchObject({ verdict: "unknown", limit: "interrupted", complete: false });
  expect(document.states).toBeGreaterThan(10_000);
  expect(code).toBe(3);
});

test("what one thread alone can do is refused with several, with the reason", async () => {
  const refused = async (...options: readonly string[]) => {
    const { code, stderr } = await folder.run(["check", "ring", "--workers", "2", ...options]);
    expect(code).toBe(2);
    return stderr;
  };

  expect(await refused("--strategy", "depth-first")).toBe(
    "--workers 2 does not work with --strategy depth-first: threads share the states of one depth, and it does not go depth by " +
      "depth. Leave one of them out.\n",
  );
  expect(await refused("--reduce", "all")).toBe(
    "--workers 2 does not work with --reduce all: what is left out of a state depends on what was found before, one after the " +
      "other. Leave one of them out.\n",
  );
  expect(await refused("--past-memory-limit", "compact")).toBe(
    "--workers 2 does not work with --past-memory-limit compact: the states that threads share cannot be given up for hashes. " +
      "Leave one of them out.\n",
  );
  expect(await refused("--workers", "65")).toBe("--workers 65 are too many: there may be 64.\n");
  expect(await refused("--workers", "0")).toContain("It takes a whole number from 1.");
});

test("a scenario that is not the same in every thread is refused, and whose code it is", async () => {
  folder.write("impure.ts", counters({ head: "const boot = Math.random();", start: "Math.floor(boot * 1e9) - 2e9" }));

  const { code, stderr } = await folder.run([
    "check",
    "impure.ts",
    "--workers",
    "2",
    "--max-states",
    "20000",
    "--quiet",
  ]);

  expect(stderr).toMatch(
    /^The code of [a-f] gives other results in one thread than in another: it keeps something outside its state, such as a variable of its module\. Keep that in the state; until then, search without --workers\.\n$/,
  );
  expect(code).toBe(2);
});

test("a scenario file that other threads cannot load ends the search with its error", async () => {
  folder.write(
    "once.ts",
    counters({
      head: `import { isMainThread } from "node:worker_threads";\nif (!isMainThread) throw new Error("only once");`,
    }),
  );

  const { code, stderr } = await folder.run(["check", "once.ts", ...withWorkers("2"), "--quiet"]);

  expect(stderr).toMatch(/^The scenario file once\.ts throws while it is loaded: only once/);
  expect(code).toBe(2);
});

test("a thread that dies ends the search with an error", async () => {
  const dying = `import { isMainThread } from "node:worker_threads";
const endless = () => { for (const all: unknown[] = []; ; ) all.push(new Array(1e6).fill(0)); };`;
  folder.write("dying.ts", counters({ head: dying, start: "isMainThread ? 0 : endless()" }));

  const { code, stderr } = await folder.spawn(["check", "dying.ts", "--workers", "2", "--quiet"], {
    env: { NODE_OPTIONS: "--max-old-space-size=200" },
  });

  expect(stderr).toMatch(
    /^A thread of the search was lost: .*memory.*\. Search with fewer --workers, or with one\.\n$/,
  );
  expect(code).toBe(2);
});
