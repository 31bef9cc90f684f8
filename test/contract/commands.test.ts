import { describe, expect, test } from "vitest";
import { bundled } from "../../scenarios/bundled.js";
import { Folder } from "../cli/command-line.js";

const folder = new Folder();

// What breaks a scenario's property, so that every command has something to tell; the others hold whatever is asked.
const broken: readonly (readonly [string, ...string[]])[] = [
  ["zardozbook", "--param", "reads=3"],
  ["ring", "--param", "forward-smaller=true"],
];

test("list names every scenario, with its parameters, scope and states", async () => {
  const { code, document } = await folder.json(["list"]);

  expect((document.scenarios as { readonly name: string }[]).map(({ name }) => name)).toEqual(
    bundled.map(({ scenario }) => scenario.name),
  );
  expect(document.schedules).toEqual(["zardozbook/paper"]);
  expect(code).toBe(0);
});

describe.each(bundled.map(({ scenario, states }) => ({ name: scenario.name, states })))("$name", ({ name, states }) => {
  test("run simulates it", async () => {
    const { code, document } = await folder.json(["run", name, "--runs", "3", "--trace", `${name}.jsonl`]);

    expect(document).toMatchObject({ scenario: name, runs: 3, seed: 1, verdict: "unknown" });
    expect(folder.read(`${name}.jsonl`)).toContain(`"scenario":"${name}"`);
    expect(code).toBe(0);
  });

  // The larger ones are searched in `npm run soak`.
  test.skipIf((states ?? 0) > 200_000)("check searches it", async () => {
    const { code, document } = await folder.json(["check", name]);

    if (states === null) expect([0, 1]).toContain(code);
    else expect({ code, document }).toMatchObject({ code: 0, document: { verdict: "holds", complete: true, states } });
    expect(document).toMatchObject({ scenario: name, neverReached: [] });
  });
});

test.each(broken)("run, replay and why agree on a violation of %s", async (name, ...flags) => {
  const out = `${name}-broken.schedule.json`;
  const found = await folder.json(["run", name, "--runs", "300", "--out", out, ...flags]);
  const replayed = await folder.json(["replay", out]);
  const why = await folder.json(["why", out]);

  expect(found).toMatchObject({ code: 1, document: { verdict: "violated", schedule: out } });
  const { property, detail, steps } = found.document;
  expect(replayed).toMatchObject({ code: 1, document: { verdict: "violated", property, detail, steps } });
  expect(why).toMatchObject({ code: 0, document: { status: "exact", outcome: { id: steps } } });
});
