import { emit, send } from "../sim/effect.js";
import { become, defineNode } from "../sim/node.js";
import { nodeId } from "../sim/node-id.js";
import { count, flag } from "../sim/parameter.js";
import { always, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import type { NodeView } from "../sim/view.js";

/**
 * Leader election on a ring (Chang and Roberts, "An improved algorithm for decentralized extrema-finding", 1979): each
 * node sends its number to its neighbour, who passes on only larger ones; whoever gets its own number back is the leader.
 * With `forward-smaller`, nodes pass on smaller ones too, and everybody becomes the leader.
 *
 * Of the default scope, 4 nodes: 60 states.
 */
export const ring = defineScenario({
  name: "ring",
  about: "Nodes on a ring elect the one with the largest number.",
  parameters: { nodes: count(4, { min: 2, max: 10 }), "forward-smaller": flag(false) },
  scope: "Finite without budgets: each number goes round at most once. No faults.",
  define: (values) => {
    const names = Array.from({ length: values.nodes }, (_, i) => nodeId(`n${i + 1}`));
    const nodes = names.map((id, i) => {
      const next = names[(i + 1) % names.length] ?? id;
      // The numbers alternate, or else each would be stopped by its neighbour.
      const number = i % 2 === 0 ? i + 1 : names.length * 2 - i;
      return [String(id), ringNode({ number, next, forwardsSmaller: values["forward-smaller"] })] as const;
    });
    return {
      nodes: Object.fromEntries(nodes),
      properties: [
        always("there is at most one leader", (view) => {
          const leaders = view.nodes<RingState>("ring").filter(isLeader);
          return leaders.length < 2 || `${leaders.map((node) => node.id).join(" and ")} are leaders`;
        }),
        sometimes("a leader is elected", (view) => view.nodes<RingState>("ring").some(isLeader)),
      ],
    };
  },
});

interface RingState {
  readonly isLeader: boolean;
}

function isLeader({ up, state }: NodeView<RingState>): boolean {
  return up && state.isLeader;
}

type Election = { readonly kind: "election"; readonly number: number };

interface RingOptions {
  readonly number: number;
  readonly next: ReturnType<typeof nodeId>;
  readonly forwardsSmaller: boolean;
}

function ringNode({ number, next, forwardsSmaller }: RingOptions) {
  return defineNode<RingState, Election>({
    role: "ring",
    start: () => become({ isLeader: false }, send<Election>(next, { kind: "election", number })),
    onMessage: {
      election: (state, message) => {
        if (message.number === number) return become({ isLeader: true }, emit("elected", { number }));
        if (message.number < number && !forwardsSmaller) return become(state);
        return become(state, send(next, message));
      },
    },
  });
}
