import { expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();

test("zardozbook/paper shows the paper's five steps in order, and the violation", async () => {
  const { code, stdout } = await folder.run(["replay", "zardozbook/paper"]);

  const rows = stdout.split("\n");
  const places = [
    /s1 gets forwarded\(request: unfriend\(user: ava, friend: bob\), client: ava:0\) from balancer/,
    /s2 gets forwarded\(request: post\(author: ava, text: "Bob is a big jerk!"\).* from balancer/,
    /database gets transaction\(requests: \[insert\(table: posts.* from s2/,
    /s3 gets replies\(replies: \[rows\(rows: \[\{user: ava, friend: bob\}\].* from database/,
    /bob gets page\(posts: \["Bob is a big jerk!"\]\) from s3/,
    /✗ violated {2}Bob is never shown/,
  ].map((pattern) => rows.findIndex((row) => pattern.test(row)));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(code).toBe(1);
});

test("changed code of a file that the scenario imports is mentioned", async () => {
  const head = 'import { steps } from "./steps.js";';
  folder.write("importing.ts", counterScenario({ head, onMessage: "(state) => become({ n: state.n + steps })" }));
  folder.write("steps.ts", "export const steps = 2;\n");
  await folder.run(["check", "importing.ts", "--out", "importing.schedule.json"]);
  const same = await folder.json(["replay", "importing.schedule.json"]);
  folder.write("steps.ts", "export const steps = 3;\n");
  const changed = await folder.json(["replay", "importing.schedule.json"]);

  expect(same.document).toMatchObject({ verdict: "violated", codeChanged: false });
  expect(changed.document).toMatchObject({ codeChanged: true });
});

test("changed code is mentioned, and where the replay leaves its schedule is told with what was offered", async () => {
  folder.write("counter.ts", counterScenario({ onMessage: "(state) => become({ n: state.n + 2 })" }));
  await folder.run(["check", "counter.ts"]);
  folder.write(
    "counter.ts",
    counterScenario().replaceAll('kind: "increment"', 'kind: "add"').replace("increment:", "add:"),
  );

  const { code, stdout } = await folder.run(["replay", "counter.schedule.json"]);
  const { document } = await folder.json(["replay", "counter.schedule.json"]);

  expect(stdout).toContain("The scenario's code has changed since this schedule was recorded.");
  expect(stdout).toMatch(
    /\? diverged {2}step 2 cannot be taken\n {2}wanted: deliver @ann->@counter \{kind:'increment'\}/,
  );
  expect(document).toMatchObject({
    verdict: "unknown",
    steps: 1,
    codeChanged: true,
    diverged: { step: 2, offered: ["deliver @ann->@counter {kind:'add'} for {client:@ann,index:0}"] },
  });
  expect(code).toBe(3);
});

test("a fixed scenario follows its schedule without the violation, with exit code 0", async () => {
  folder.write("fixed.ts", counterScenario({ onMessage: "(state) => become({ n: state.n + 2 })" }));
  await folder.run(["check", "fixed.ts", "--out", "fixed.schedule.json"]);
  folder.write("fixed.ts", counterScenario());

  const { code, stdout } = await folder.run(["replay", "fixed.schedule.json"]);

  expect(stdout).toContain("✓ no violation  after 2 steps; recorded was a violation of: it stays below two");
  expect(code).toBe(0);
});

test("--step without a terminal prints each step with what it changed", async () => {
  folder.write("steps.ts", counterScenario({ onMessage: "(state) => become({ n: state.n + 2 })" }));
  await folder.run(["check", "steps.ts", "--out", "steps.schedule.json"]);

  const { code, stdout } = await folder.run(["replay", "steps.schedule.json", "--step"]);

  expect(stdout).toContain("2/2  counter gets increment from ann\n      counter  n: 0 → 2\n      two\n");
  expect(code).toBe(1);
});

test("--max-steps ends a replay before the violation", async () => {
  const { code, document } = await folder.json(["replay", "zardozbook/paper", "--max-steps", "12"]);

  expect(document).toMatchObject({ verdict: "unknown", steps: 12, diverged: null });
  expect(code).toBe(0);
});
