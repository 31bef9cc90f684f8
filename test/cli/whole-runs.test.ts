import { beforeAll, expect, test } from "vitest";
import { Folder } from "./command-line.js";

/** A lamp that is switched on or stays as it is, for ever, and tells a clerk about it once; what is claimed is given. */
const lamp = (property: string, mayWait = true): string => `
import { atQuiescence, become, choose, defineNode, defineScenario, eventually, leadsTo, nodeId, send, staysReachable } from "hindcast";
const mayWait = ${mayWait};
const [lampId, clerkId] = [nodeId("lamp"), nodeId("clerk")];
interface Lamp { readonly lit: boolean; readonly turns: number }
const lamp = defineNode<Lamp>({
  role: "lamp",
  start: () => become({ lit: false, turns: 0 }, send(clerkId, { kind: "note" }), choose("turn", ["off", "on"])),
  onMessage: {},
  onChoice: {
    turn: (state, option) =>
      become(
        { lit: option === "on", turns: 1 - state.turns },
        ...(option === "on" || !mayWait ? [] : [choose("turn", ["off", "on"])]),
      ),
  },
});
const clerk = defineNode<{ readonly notes: number }, { readonly kind: "note" }>({
  role: "clerk",
  start: () => become({ notes: 0 }),
  onMessage: { note: (state) => become({ notes: state.notes + 1 }) },
});
export const scenario = defineScenario({
  name: "lamp",
  about: "A lamp.",
  scope: "Finite.",
  define: () => ({ nodes: { lamp, clerk }, properties: [${property}] }),
});
`;

const lit = "(view) => view.node<Lamp>(lampId).state.lit";
const dark = "(view) => !view.node<Lamp>(lampId).state.lit";
const properties = {
  ending: `atQuiescence("the lamp is dark in the end", (view) => !view.node<Lamp>(lampId).state.lit || "it is lit")`,
  eventual: `eventually("the lamp is lit", ${lit})`,
  leading: `leadsTo("a dark lamp is lit", { from: ${dark}, to: ${lit} })`,
  reachable: `staysReachable("the lamp can be dark", ${dark})`,
};

const folder = new Folder();

beforeAll(async () => {
  for (const [name, property] of Object.entries(properties)) {
    folder.write(`${name}.ts`, lamp(property));
    const { code } = await folder.run(["check", `./${name}.ts`, "--out", `${name}.json`]);
    expect(code).toBe(1);
  }
});

const texts = (events: unknown): string[] => (events as { readonly text: string }[]).map(({ text }) => text);

test.each([
  ["ending", ["lamp takes turn on"]],
  ["reachable", ["lamp takes turn on"]],
])("why of %s: what it looked at is lit because of the choice, and the note has no part in it", async (name, core) => {
  const { document } = await folder.json(["why", `${name}.json`]);

  expect(document).toMatchObject({ status: "exact", asked: "violation", count: 1 });
  expect(texts(document.core)).toEqual(core);
});

test.each(["eventual", "leading"])(
  "why of %s: it is dark without any event, and the diagram has the loop",
  async (name) => {
    const { document, stderr } = await folder.json(["why", `${name}.json`]);

    expect(document).toMatchObject({ status: "exact", asked: "violation", smallest: [], count: 1 });
    expect(stderr).toMatch(
      /^ {2}(?:the|a dark) lamp is lit: (?:from the start|after step \d) the same \d steps repeat for ever/m,
    );
    expect(stderr).toMatch(/^ +then for ever:$/m);
  },
);

test("why-not finds the nearest run that ends well, and is asked about an event where a property speaks of whole runs", async () => {
  folder.write("once.ts", lamp(properties.ending, false));
  await folder.run(["check", "./once.ts", "--out", "once.json"]);
  const lights = await folder.json(["why-not", "once.json", "1"]);
  const eventual = await folder.run(["why-not", "eventual.json", "1"]);

  expect(lights.document).toMatchObject({
    property: "the lamp is dark in the end",
    detail: "it is lit",
    nonInfluence: { violationStands: false },
    nearest: { status: "found", changes: 1 },
  });
  expect(lights.code).toBe(0);
  expect(eventual.stderr).toMatch(/"the lamp is lit" speaks of whole runs.*name an event with --outcome/);
  expect(eventual.stdout).toBe("");
  expect(eventual.code).toBe(2);
});
