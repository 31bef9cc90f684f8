import { Set } from "immutable";
import { reply, send } from "../sim/effect.js";
import { become, type Context, defineNode, type Reaction } from "../sim/node.js";
import { nodeId } from "../sim/node-id.js";
import { count } from "../sim/parameter.js";
import { always, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import { inOrder, operation } from "../sim/workload.js";

/**
 * Rumour mongering (Demers et al., "Epidemic algorithms for replicated database maintenance", 1987): whoever hears a rumour
 * for the first time tells it to its next `fanout` neighbours. One client tells each of the first `rumours` nodes one.
 *
 * Of the default scope, 3 nodes, 2 rumours, 1 neighbour each: 46 states.
 */
export const gossip = defineScenario({
  name: "gossip",
  about: "Rumours spread from neighbour to neighbour.",
  parameters: {
    nodes: count(3, { min: 2, max: 64 }),
    rumours: count(2, { min: 1, max: 64 }),
    fanout: count(1, { min: 1, max: 63 }),
  },
  scope: "Finite without budgets: each node tells each rumour once. No faults unless --faults gives some.",
  define: ({ nodes, rumours, fanout }) => {
    const names = Array.from({ length: nodes }, (_, i) => nodeId(`g${i + 1}`));
    const told = Array.from({ length: rumours }, (_, i) =>
      operation(names[i % nodes] ?? nodeId("g1"), { kind: "tell", rumour: i + 1 }),
    );
    return {
      nodes: Object.fromEntries(names.map((id) => [String(id), gossiper(fanout)])),
      workload: { town: inOrder(...told) },
      properties: [
        always("nobody knows a rumour that was never told", (view) => {
          const invoked = view.clients()[0]?.invoked ?? 0;
          const wrong = view
            .nodes<Set<number>>("gossiper")
            .find((node) => node.up && node.state.some((rumour) => rumour > invoked));
          return wrong === undefined || `${wrong.id} knows a rumour that was not told yet`;
        }),
        sometimes("everybody knows all rumours", (view) =>
          view.nodes<Set<number>>("gossiper").every((node) => node.up && node.state.size === rumours),
        ),
      ],
    };
  },
});

type Gossip = { readonly kind: "tell"; readonly rumour: number } | { readonly kind: "rumour"; readonly rumour: number };

function gossiper(fanout: number) {
  const hear = (state: Set<number>, rumour: number, context: Context): Reaction<Set<number>> => {
    if (state.has(rumour)) return become(state);
    const ring = context.role("gossiper");
    const own = context.rank(context.self);
    const neighbours = Array.from(
      { length: Math.min(fanout, ring.length - 1) },
      (_, i) => ring[(own + 1 + i) % ring.length],
    );
    return become(
      state.add(rumour),
      ...neighbours.flatMap((neighbour) =>
        neighbour === undefined ? [] : [send<Gossip>(neighbour, { kind: "rumour", rumour })],
      ),
    );
  };
  return defineNode<Set<number>, Gossip>({
    role: "gossiper",
    start: () => become(Set()),
    onMessage: {
      tell: (state, message, from, context) => {
        const heard = hear(state, message.rumour, context);
        return become(heard.state, ...heard.effects, reply(from, { kind: "told" }));
      },
      rumour: (state, message, _from, context) => hear(state, message.rumour, context),
    },
  });
}
