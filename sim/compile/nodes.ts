import type { AnyBag } from "../baggage.js";
import { type NodeId, nodeId } from "../node-id.js";
import type { AnyNode, Context } from "../node.js";
import type { SystemDefinition } from "../scenario.js";
import type { CompiledNode } from "../system.js";
import { nameOf, type Names } from "./names.js";

export function compileNodes(names: Names, definition: SystemDefinition): CompiledNode[] {
  for (const name of Object.keys(definition.initial ?? {})) names.nodeNumber(nodeId(name));
  return names.nodes.map((id, number) => {
    const node = definition.nodes[String(id)] as AnyNode;
    return {
      id,
      name: String(id),
      definition: node,
      context: contextOf(names, number),
      initial: Object.entries(definition.initial ?? {}).find(([name]) => name === String(id))?.[1] ?? [],
    };
  });
}

function contextOf(names: Names, number: number): Context {
  const self = names.nodes[number] as NodeId;
  return Object.freeze({
    self,
    peers: Object.freeze(names.nodes.filter((id) => id !== self)),
    role: (role: string) => names.ofRole(role).map((member) => names.nodes[member] as NodeId),
    rank: (id: NodeId) => names.rank(names.nodeNumber(id)),
    read: () => {
      throw names.invalid(`the node ${nameOf(self)} reads a bag that it does not declare in \`reads\`.`);
    },
  });
}

/** Refuses to read what only observes. */
export function checkBags(names: Names, bags: readonly AnyBag[]): void {
  for (const bag of bags) {
    if (bag.active !== true) {
      throw names.invalid(
        `a node reads the bag "${bag.name}", which is an observer; declare the bag with active: true.`,
      );
    }
  }
}
