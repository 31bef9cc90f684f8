/** A counter that two clients increment; `broken` replaces parts of it. */
export function counterScenario(
  parts: { readonly [name in "head" | "onMessage" | "extra" | "define"]?: string } = {},
): string {
  return `import { always, become, defineNode, defineScenario, inOrder, nodeId, operation, reply } from "hindcast";
${parts.head ?? ""}
const counter = defineNode<{ n: number }, { kind: "increment" }>({
  role: "counter",
  start: () => become({ n: 0 }),
  onMessage: {
    increment: ${parts.onMessage ?? "(state, _message, from) => become({ n: state.n + 1 }, reply(from, { kind: 'done' }))"},
  },
  ${parts.extra ?? ""}
});

export const scenario = defineScenario({
  name: "counter",
  about: "A counter.",
  scope: "Finite.",
  define: () => ({
    nodes: { counter },
    workload: { ann: inOrder(operation(nodeId("counter"), { kind: "increment" })) },
    properties: [always("it stays below two", (view) => view.node<{ n: number }>(nodeId("counter")).state.n < 2 || "two")],
    ${parts.define ?? ""}
  }),
});
`;
}
