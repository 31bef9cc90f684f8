import { expect, test } from "vitest";
import { worldText } from "../../report/world-text.js";
import { gossip } from "../../scenarios/gossip.js";
import { compile } from "../../sim/compile.js";
import { run } from "../../sim/run.js";
import { scripted } from "../../sim/strategy/scripted.js";
import { bare } from "./bare-paint.js";

const small = compile(gossip, {
  parameters: { nodes: 2, rumours: 1 },
  faults: { drop: "any", crash: 1, recover: 2, partition: 1 },
});

const after = (...choices: readonly string[]): string[] => {
  const strategy = scripted(choices.map((start) => (name: string) => name.startsWith(start)));
  return worldText(small, run(small, strategy, { maxSteps: choices.length }).world, bare);
};

test("a world is told by its nodes, clients, messages in flight and the faults that are left", () => {
  expect(after("invoke", "deliver @town->@g1", "crash @g2")).toEqual([
    expect.stringMatching(/^g1 {2}.*1/) as string,
    "g2  it is: down",
    "town  has asked for 1 operation, and waits for the answer to tell(rumour: 1)",
    "in flight  g1 → g2  rumour(rumour: 1)",
    "in flight  g1 → town  told",
    "faults left  drop=any, recover=2, partition=1",
  ]);
});

test("partitions in force are told", () => {
  const lines = after("partition");

  expect(lines.filter((line) => line.startsWith("partitioned  "))).toHaveLength(1);
  expect(lines).toContain("faults left  drop=any, crash=1, recover=2");
});
