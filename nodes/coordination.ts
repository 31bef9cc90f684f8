import { Map } from "immutable";
import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { parentOf } from "./coordination/path.js";
import { coordinationProvenanceWithWrites } from "./coordination.provenance.js";
import { ofMessages } from "./of-messages.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import { byCodeUnits } from "../sim/value.js";
import type { CoordinationRequest, CoordinationReply } from "./coordination/request.js";

/** The data of each znode by its path. */
export type CoordinationState = Map<string, string>;

export const emptyCoordination: CoordinationState = Map();

type Outcome = readonly [CoordinationState, CoordinationReply];

/** A znode needs its parent, and is deleted only without children. Failed requests change nothing. */
export function applyCoordination(state: CoordinationState, request: CoordinationRequest): Outcome {
  const { path } = request;
  switch (request.kind) {
    case "create":
      if (!exists(state, parentOf(path))) return [state, error("no-node")];
      return exists(state, path) ? [state, error("node-exists")] : [state.set(path, request.data), { kind: "ok" }];
    case "delete":
      if (!state.has(path)) return [state, error("no-node")];
      return childrenOf(state, path).length > 0 ? [state, error("not-empty")] : [state.delete(path), { kind: "ok" }];
    case "read": {
      const data = state.get(path);
      return [state, data === undefined ? error("no-node") : { kind: "data", data }];
    }
    case "write":
      return state.has(path) ? [state.set(path, request.data), { kind: "ok" }] : [state, error("no-node")];
    case "list":
      return [state, exists(state, path) ? { kind: "children", names: childrenOf(state, path) } : error("no-node")];
  }
}

function exists(state: CoordinationState, path: string): boolean {
  return path === "/" || state.has(path);
}

function childrenOf(state: CoordinationState, path: string): readonly string[] {
  const children = [...state.keys()].filter((other) => parentOf(other) === path);
  return children.map((child) => child.slice(child.lastIndexOf("/") + 1)).sort(byCodeUnits);
}

function error(code: (CoordinationReply & { readonly kind: "error" })["code"]): CoordinationReply {
  return { kind: "error", code };
}

/** A node that keeps a tree of znodes in volatile memory. */
export function coordinationService({
  role = "coordination",
}: {
  readonly role?: string;
} = {}): NodeDefinition<CoordinationState, CoordinationRequest> {
  return defineNode<CoordinationState, CoordinationRequest>({
    role,
    start: () => become(emptyCoordination),
    onMessage: { create: answer, delete: answer, read: answer, write: answer, list: answer },
    provenance: ofMessages(coordinationProvenanceWithWrites),
  });
}

function answer(state: CoordinationState, request: CoordinationRequest, from: Sender): Reaction<CoordinationState> {
  const [after, response] = applyCoordination(state, request);
  return become(after, reply(from, response));
}
