import type { Context } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";

/** What a handler of `self` sees in a system where the nodes of these names have one role, in this order. */
export function contextOf(role: string, names: readonly string[], self: string): Context {
  const nodes = names.map(nodeId);
  return {
    self: nodeId(self),
    peers: nodes.filter((node) => node !== nodeId(self)),
    role: (name) => (name === role ? nodes : []),
    rank: (node) => nodes.indexOf(node),
    read: (bag) => bag.empty,
  };
}
