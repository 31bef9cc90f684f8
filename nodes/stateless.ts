import { reply } from "../sim/effect.js";
import { statelessProvenance } from "./stateless.provenance.js";
import { ofMessages } from "./of-messages.js";
import { become, defineNode, type NodeDefinition } from "../sim/node.js";
import type { PageRequest, PageReply } from "./stateless/request.js";

/** A static website: one state, so that the same request always has the same reply. */
export function applyStateless(state: null, request: PageRequest): readonly [null, PageReply] {
  return [state, { kind: "page-content", text: `The page at ${request.path}.` }];
}

/** A node that serves a static website. */
export function statelessService({
  role = "website",
}: {
  readonly role?: string;
} = {}): NodeDefinition<null, PageRequest> {
  return defineNode<null, PageRequest>({
    role,
    start: () => become(null),
    provenance: ofMessages(statelessProvenance),
    onMessage: {
      page: (state, request, from) => {
        const [after, response] = applyStateless(state, request);
        return become(after, reply(from, response));
      },
    },
  });
}
