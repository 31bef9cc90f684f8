import { expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

test.each([
  ["throws", "(state) => { throw new Error('oh no'); }", /onMessage\.increment of node counter threw Error: oh no/],
  [
    "is async",
    "async (state: { n: number }) => become(state) as never",
    /uses a promise at is-async\.ts:7:\d+; handlers are synchronous/,
  ],
  [
    "throws dice",
    "(state) => become({ n: Math.random() })",
    /uses Math\.random at .*throws-dice\.ts:\d+:\d+; let the scheduler decide/,
  ],
  [
    "reads the clock",
    "(state) => become({ n: Date.now() })",
    /uses Date\.now at .*reads-the-clock\.ts:\d+:\d+; the world has no time/,
  ],
  [
    "sends to nobody",
    "(state) => become(state, { kind: 'send', to: nodeId('nobody'), message: { kind: 'x' } })",
    /to nobody, which is no participant; there are counter, ann/,
  ],
  ["keeps what cannot be compared", "(state) => become({ n: Number.NaN })", /n is NaN/],
  [
    "changes its input in place",
    "(state: { n: number; list: number[] }) => { state.list.push(1); return become(state); }",
    /in place|not extensible|read only/,
  ],
])("a handler that %s fails with exit code 4, in run and check alike", async (what, onMessage, message) => {
  const file = `${what.replaceAll(" ", "-")}.ts`;
  const text = counterScenario({ onMessage });
  folder.write(
    file,
    what.startsWith("changes") ? text.replace("become({ n: 0 })", "become({ n: 0, list: [] } as never)") : text,
  );

  for (const command of ["run", "check"]) {
    const { code, stdout, stderr, document } = await folder.json([command, file]);

    expect(document).toMatchObject({ verdict: "crashed", property: null, steps: 2, schedule: "counter.schedule.json" });
    expect(document.detail).toMatch(message);
    expect(stdout + stderr).not.toMatch(/node_modules|bug of Hindcast/);
    expect(stdout).not.toContain(folder.path);
    expect(code).toBe(4);
  }
});

test("the schedule of a failure replays to it, with the line that threw", async () => {
  folder.write("throws.ts", counterScenario({ onMessage: "(state) => {\n      throw new Error('oh no');\n    }" }));
  await folder.run(["check", "throws.ts", "--out", "oh-no.schedule.json"]);

  const { code, stdout } = await folder.run(["replay", "oh-no.schedule.json"]);

  expect(stdout).toMatch(/threw Error: oh no\n\s+at .*throws\.ts:8:13/);
  expect(code).toBe(4);
});

test("a property that takes a node for up is told that one which is down has no state", async () => {
  folder.write("down.ts", counterScenario({ define: "faults: { crash: 1 }," }));

  const { code, stdout } = await folder.run(["check", "down.ts"]);

  expect(stdout).toMatch(/"it stays below two" threw TypeError: .*null/);
  expect(stdout).toMatch(/^ {2}Of a node that is down the state is null: a property has to ask whether it is `up`\.$/m);
  expect(code).toBe(4);
});
