import { register as registerModel } from "../checker/history/models/register.js";
import type { ClientHistory } from "../sim/client-history.js";
import { reply } from "../sim/effect.js";
import { become, defineNode } from "../sim/node.js";
import { nodeId } from "../sim/node-id.js";
import { count } from "../sim/parameter.js";
import { always, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import { inOrder, operation } from "../sim/workload.js";

/**
 * A register in a single copy: one server, and clients that each write a value of their own and then read. Requests and
 * answers may overtake each other.
 *
 * Of the default scope, 2 clients: 84 states, of depth 13.
 */
export const register = defineScenario({
  name: "register",
  about: "Clients write to and read from a register that one server keeps.",
  parameters: { clients: count(2, { min: 1, max: 6 }) },
  scope: "Finite without budgets: each client writes once and then reads once. No faults unless --faults gives some.",
  define: ({ clients }) => {
    const server = nodeId("server");
    const names = Array.from({ length: clients }, (_, i) => `c${i + 1}`);
    return {
      nodes: { server: registerServer },
      workload: Object.fromEntries(
        names.map((name) => [
          name,
          inOrder(
            operation<RegisterRequest>(server, { kind: "write", value: name }),
            operation<RegisterRequest>(server, { kind: "read" }),
          ),
        ]),
      ),
      properties: [
        always("the register holds nothing, or what a client has asked to write", (view) => {
          const held = view.node<string | null>(server).state;
          const writer = view.clients().find(({ id }) => String(id) === held);
          return held === null || (writer?.invoked ?? 0) > 0 || `It holds ${held}, which nobody has asked to write`;
        }),
        sometimes("every client has its last answer", (view) =>
          view.clients().every(({ invoked, open }) => invoked === 2 && open === undefined),
        ),
      ],
      history,
    };
  },
});

const history: ClientHistory = {
  specification: registerModel(),
  asked: (message) => {
    const request = message as RegisterRequest;
    return request.kind === "write" ? { f: "write", value: request.value } : { f: "read" };
  },
  answer: (message) => {
    const reply = message as RegisterReply;
    return reply.kind === "value" ? reply.value : null;
  },
};

export type RegisterRequest = { readonly kind: "write"; readonly value: string } | { readonly kind: "read" };
export type RegisterReply = { readonly kind: "written" } | { readonly kind: "value"; readonly value: string | null };

export const registerServer = defineNode<string | null, RegisterRequest>({
  role: "register",
  start: () => become(null),
  onMessage: {
    write: (_state, { value }, from) => become(value, reply<RegisterReply>(from, { kind: "written" })),
    read: (state, _message, from) => become(state, reply<RegisterReply>(from, { kind: "value", value: state })),
  },
});
