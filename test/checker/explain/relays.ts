import fc from "fast-check";
import { become, defineNode } from "../../../sim/node.js";
import { compile } from "../../../sim/compile.js";
import { type Effect, send } from "../../../sim/effect.js";
import type { Message } from "../../../sim/message.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import type { System } from "../../../sim/system.js";
import { inOrder, operation } from "../../../sim/workload.js";

/**
 * Random systems in which much happens by coincidence: nodes of three states that are set, turned and copied, and that send
 * on what depends on their state. Requests come from outside, and messages go to later nodes only.
 */
export interface Relays {
  /** What each node does at each kind of message in each of its three states. */
  readonly nodes: readonly (readonly (readonly Step[])[])[];
  /** The node and the kind of each request. */
  readonly requests: readonly { readonly to: number; readonly kind: number }[];
}

interface Step {
  readonly becomes: number;
  readonly sends: readonly { readonly ahead: number; readonly kind: number }[];
}

const step: fc.Arbitrary<Step> = fc.record({
  becomes: fc.nat(2),
  sends: fc.array(fc.record({ ahead: fc.nat(1), kind: fc.nat(2) }), { maxLength: 2 }),
});

export const relays: fc.Arbitrary<Relays> = fc.record({
  nodes: fc.array(fc.array(fc.array(step, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }), {
    minLength: 2,
    maxLength: 3,
  }),
  requests: fc.array(fc.record({ to: fc.nat(2), kind: fc.nat(2) }), { minLength: 2, maxLength: 5 }),
});

const kinds = ["k0", "k1", "k2"];

export function systemOf({ nodes, requests }: Relays): System {
  const names = nodes.map((_, i) => `n${i}`);
  const scenario = defineScenario({
    name: "relays",
    about: "A random system for laws of explanations.",
    scope: "Finite: messages go to later nodes only.",
    define: () => ({
      nodes: Object.fromEntries(names.map((name, i) => [name, relay(name, i, nodes[i] ?? [], names)])),
      workload: Object.fromEntries(
        requests.map(({ to, kind }, i) => [
          `c${i}`,
          inOrder(operation(nodeId(names[to % names.length] as string), { kind: kinds[kind] as string })),
        ]),
      ),
      properties: [],
    }),
  });
  return compile(scenario);
}

function relay(role: string, number: number, table: Relays["nodes"][number], names: readonly string[]) {
  const onMessage = (kind: number) => (state: number) => {
    const { becomes, sends } = table[kind]?.[state] ?? { becomes: state, sends: [] };
    const effects = sends.flatMap(({ ahead, kind: next }): Effect[] => {
      const to = names[number + 1 + ahead];
      return to === undefined ? [] : [send(nodeId(to), { kind: kinds[next] as string })];
    });
    return become(becomes, ...effects);
  };
  return defineNode<number, Message>({
    role,
    start: () => become(0),
    onMessage: Object.fromEntries(kinds.map((kind, i) => [kind, onMessage(i)])),
  });
}
