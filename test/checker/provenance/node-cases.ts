import { nodeMachine, type NodeMachine } from "../../../checker/explain/node-machine.js";
import { bundled } from "../../../scenarios/bundled.js";
import { compile } from "../../../sim/compile.js";
import { run } from "../../../sim/run.js";
import type { Scenario } from "../../../sim/scenario.js";
import { randomly } from "../../../sim/strategy/listing.js";
import type { Case, CaseSource } from "./cases.js";
import type { Draw } from "./random.js";

/** The nodes of the bundled scenarios, with what happened to them in random runs with crashes. */
export const nodeCases: readonly CaseSource[] = bundled.map(({ scenario }) => {
  let nodes: readonly [NodeMachine, ...NodeMachine[]] | undefined;
  return {
    name: `nodes of ${scenario.name}`,
    draw: (draw, length) => {
      nodes ??= nodesOf(scenario);
      return caseOf(draw.pick(nodes), draw, length);
    },
  };
});

function nodesOf(scenario: Scenario): readonly [NodeMachine, ...NodeMachine[]] {
  const nodes = [1, 2, 3, 4].flatMap((seed) => {
    const faults = seed % 2 === 0 ? { crash: 2, recover: 2 } : {};
    const system = compile(scenario, { faults });
    const { trace } = run(system, randomly(seed), { maxSteps: 150, trace: "details", goOn: true });
    return trace === undefined ? [] : system.nodes.map((_, node) => nodeMachine(trace, node));
  });
  const [first, ...others] = nodes.filter(({ inputs }) => inputs.length > 1);
  if (first === undefined) throw new Error(`Nothing happens to the nodes of ${scenario.name}.`);
  return [first, ...others];
}

/**
 * Inputs of a run as they came, some of them, or any in any order; asked is what the node does at another one, or what
 * somebody sees in its memory.
 */
function caseOf({ machine, inputs }: NodeMachine, draw: Draw, length: number): Case {
  const positions = positionsOf(draw, inputs.length, length);
  const next = inputs[draw.below(2) === 0 ? Math.max(-1, ...positions) + 1 : draw.below(inputs.length)];
  const look = { kind: "look", at: draw.pick([[[]], [["state"]], [["timers"], ["pending"]]]) } as const;
  const question = draw.below(4) === 0 ? look : (next ?? look);
  return { machine: machine as Case["machine"], trace: positions.map((position) => inputs[position]), question };
}

function positionsOf(draw: Draw, count: number, length: number): number[] {
  const all = Array.from({ length: count }, (_, position) => position);
  switch (draw.below(3)) {
    case 0:
      return all.slice(0, length);
    case 1:
      return all.filter((position) => draw.below(count - position) < length).slice(0, length);
    default:
      return draw.list(length, () => draw.below(count));
  }
}
