import type { Context } from "../../../sim/node.js";
import { NodeId } from "../../../sim/node-id.js";
import type { System } from "../../../sim/system.js";
import type { AlikeClass } from "./alike.js";

/** A handler that read the rank of a node that was taken for like others. */
export interface RankRead {
  readonly alike: AlikeClass;
  readonly detail: string;
}

/** The same system, with contexts that tell when the rank of one of these nodes is read. */
export function withWatchedRanks(
  system: System,
  classes: readonly AlikeClass[],
  tell: (read: RankRead) => void,
): System {
  const classOf = new Map(classes.flatMap((alike) => alike.blocks.flat().map((member) => [member, alike] as const)));
  const nodes = system.nodes.map((node) => {
    const rank = (id: NodeId): number => {
      const alike = classOf.get(system.numberOf(id) ?? -1);
      if (alike !== undefined)
        tell({ alike, detail: `${node.name} reads context.rank(${NodeId.textOf(id).slice(1)})` });
      return node.context.rank(id);
    };
    const context: Context = Object.freeze({ ...node.context, rank });
    return { ...node, context };
  });
  return { ...system, nodes };
}
