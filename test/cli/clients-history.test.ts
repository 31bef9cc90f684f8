import path from "node:path";
import { expect, test } from "vitest";
import { type Document, Folder } from "./command-line.js";
import { runHistory } from "./run-history.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

function historiesOf(document: Document): readonly Document[] {
  return document.histories as readonly Document[];
}

const zardozbook = {
  object: "page with friends and posts",
  problem: null,
  operations: 3,
  breaks: ["monotonic-writes"],
  soAlso: ["causal", "causal+", "sequential", "linearizable"],
  keeps: ["read-your-writes", "monotonic-reads", "writes-follow-reads"],
  undecided: [],
};

test("check, run and replay name what ZardozBook's violation breaks: monotonic writes", async () => {
  const checked = await folder.json(["check", "zardozbook", "--param", "stores=folded"]);
  const replayed = await folder.json(["replay", "zardozbook.schedule.json"]);
  const simulated = await folder.json(["run", "zardozbook", "--param", "stores=folded"]);
  const paper = await folder.json(["replay", "zardozbook/paper"]);

  for (const { document } of [checked, replayed, simulated, paper]) {
    expect(historiesOf(document)).toMatchObject([zardozbook]);
    expect(historiesOf(document)[0]?.culprits).toMatchObject([{ process: "bob", f: "read" }]);
  }
  expect(checked.stderr).toContain("The clients' history breaks monotonic writes, and so causal consistency,");
  expect(checked.stderr).toContain(
    "it fits after just post 'Bob is a big jerk!' of process ava, but then unfriend 'bob' of process ava must have been seen too",
  );
});

test("a history property's object serves without saying it twice", async () => {
  const params = ["servers=3", "clients=2", "reads=2", "onlyWriters=1", "writeBack=false"];
  const { document } = await folder.json(["check", "abd", ...params.flatMap((one) => ["--param", one])]);

  expect(historiesOf(document)).toMatchObject([
    {
      object: "register",
      breaks: ["monotonic-reads"],
      keeps: ["read-your-writes", "monotonic-writes", "writes-follow-reads"],
    },
  ]);
});

test("replay writes the clients' history, and `history` judges it as the run was judged", async () => {
  const params = ["servers=3", "clients=2", "reads=2", "onlyWriters=1", "writeBack=false"];
  await folder.run(["check", "abd", "--out", "stale.json", ...params.flatMap((one) => ["--param", one])]);
  for (const format of ["lines", "jepsen-log"]) {
    await folder.run(["replay", "stale.json", "--history", "stale", "--format", format]);
    const judged = async (consistency: string) => {
      const file = path.join(folder.path, "stale");
      const { out } = await runHistory(file, "--model", "register", "--consistency", consistency, "--json");
      return JSON.parse(out) as Document;
    };

    expect(await judged("monotonic-reads")).toMatchObject({ verdict: "violated", operations: 3 });
    expect(await judged("monotonic-writes")).toMatchObject({ verdict: "holds", operations: 3 });
  }
});

test("a scenario that tells no object has no history to write", async () => {
  folder.write("silent.ts", counterScenario({ onMessage: "(state) => become({ n: state.n + 2 })" }));
  await folder.run(["check", "silent.ts", "--out", "silent.json"]);

  const { code, stderr } = await folder.run(["replay", "silent.json", "--history", "none"]);

  expect(stderr).toBe(
    "--history needs a scenario that says how its clients use an object: give its definition a `history`, or a history property.\n",
  );
  expect(code).toBe(2);
});

/** The counter, whose only claim is broken by its second increment. */
function counting(history: string, head = ""): string {
  const ask = "operation(nodeId('counter'), { kind: 'increment' })";
  return counterScenario({
    head: `import { modelOf } from "hindcast";\n${head}`,
    define: `history: ${history},`,
  }).replace(`inOrder(${ask.replaceAll("'", '"')})`, `inOrder(${ask}, ${ask})`);
}

test("a run that breaks a property may keep every model, and is told so", async () => {
  folder.write(
    "counting.ts",
    counting(`{ specification: modelOf("counter"), asked: () => ({ f: "add", value: 1 }), answer: () => null }`),
  );

  const { code, stdout } = await folder.run(["check", "counting.ts"]);

  expect(code).toBe(1);
  expect(stdout).toContain("The clients' history keeps linearizability");
});

test("a history that cannot be used is refused before the search, with the file and what to do", async () => {
  folder.write(
    "unusable.ts",
    counting(`{ specification: modelOf("counter"), asked: () => ({ f: "push" }), answer: () => null }`),
  );

  const { code, stderr } = await folder.run(["check", "unusable.ts"]);

  expect(stderr).toBe(
    "The scenario counter (unusable.ts) cannot be used: what its clients do cannot be read as operations of a counter: `asked` " +
      "reads the request {kind:'increment'} of ann as push(), but the model counter knows add, increment, decrement, read, and found " +
      "push; correct `asked` and `answer`, or give another specification.\n",
  );
  expect(code).toBe(2);
});

test("an answer that cannot be read leaves the verdict as it is, and says why there is no other", async () => {
  folder.write(
    "throwing.ts",
    counting(
      `{ specification: modelOf("counter"), asked: () => ({ f: "add", value: 1 }), answer: () => { throw new Error("no idea"); } }`,
    ),
  );

  const { code, stdout } = await folder.run(["check", "throwing.ts"]);
  const { document } = await folder.json(["check", "throwing.ts"]);

  expect(code).toBe(1);
  expect(stdout).toContain(
    "The clients' history cannot be judged: what its clients do cannot be read as operations of a counter: no idea",
  );
  expect(historiesOf(document)).toMatchObject([{ operations: null, problem: expect.stringContaining("no idea") }]);
});
