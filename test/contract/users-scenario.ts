/** A user's own scenario: a register with a copy that lags behind, and a client who reads the copy. */
export const usersScenario = `import {
  become, defineNode, defineScenario, flag, history, inOrder, modelOf, nodeId, operation, reply, send, sometimes,
} from "hindcast";
import type { Sender } from "hindcast";

type Request = { readonly kind: "write"; readonly value: string } | { readonly kind: "read" };
type ToCopy = { readonly kind: "copy"; readonly value: string; readonly asker: Sender | null } | { readonly kind: "read" };

const [primary, copy] = [nodeId("primary"), nodeId("copy")];

/** Waits for the copy before it answers only where it is told to. */
const primaryNode = (waits: boolean) =>
  defineNode<{ readonly value: string | null }, Request | { readonly kind: "copied"; readonly asker: Sender }>({
    role: "primary",
    start: () => become({ value: null }),
    onMessage: {
      write: (_state, { value }, from) =>
        waits
          ? become({ value }, send(copy, { kind: "copy", value, asker: from }))
          : become({ value }, reply(from, { kind: "written" }), send(copy, { kind: "copy", value, asker: null })),
      read: (state, _message, from) => become(state, reply(from, { kind: "value", value: state.value })),
      copied: (state, { asker }) => become(state, reply(asker, { kind: "written" })),
    },
  });

const copyNode = defineNode<{ readonly value: string | null }, ToCopy>({
  role: "copy",
  start: () => become({ value: null }),
  onMessage: {
    copy: (_state, { value, asker }, from) =>
      asker === null ? become({ value }) : become({ value }, send(from.node, { kind: "copied", asker })),
    read: (state, _message, from) => become(state, reply(from, { kind: "value", value: state.value })),
  },
});

const clients = {
  specification: modelOf("register"),
  asked: (message: unknown) => {
    const request = message as Request;
    return request.kind === "write" ? { f: "write", value: request.value } : { f: "read" };
  },
  answer: (message: unknown) => (message as { readonly value?: string | null }).value ?? null,
};

export const lagging = defineScenario({
  name: "lagging",
  about: "A register with a copy that lags behind.",
  parameters: { waits: flag(false) },
  scope: "Finite.",
  define: ({ waits }) => ({
    nodes: { primary: primaryNode(waits), copy: copyNode },
    workload: {
      ann: inOrder(operation(primary, { kind: "write", value: "a" }), operation(copy, { kind: "read" })),
      bob: inOrder(operation(copy, { kind: "read" })),
    },
    properties: [
      history("what the clients see is linearizable", "linearizable", clients),
      sometimes("ann has both answers", (view) => view.clients().some(({ invoked, open }) => invoked === 2 && !open)),
    ],
    score: (view) => view.clients().length,
  }),
});
`;
