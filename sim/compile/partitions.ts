import { type Partition, split } from "../fault.js";
import type { NodeId } from "../node-id.js";
import type { CompiledPartition } from "../system.js";
import type { Names } from "./names.js";

export function compilePartitions(names: Names, partitions: readonly Partition[]): CompiledPartition[] {
  return partitions.map((partition, i) => {
    if (partitions.findIndex(({ name }) => name === partition.name) !== i) {
      throw names.invalid(`two partitions are called "${partition.name}"; rename one.`);
    }
    const links = partition.cuts.map(({ from, to }) => {
      const [source, target] = [names.numbers.get(from), names.numbers.get(to)];
      if (source === undefined || target === undefined) {
        throw names.invalid(
          `the partition ${partition.name} cuts ${from} from ${to}, but one of them is no participant.`,
        );
      }
      return target * names.participants.length + source;
    });
    return { ...partition, links: new Set(links) };
  });
}

/** Unless a scenario says otherwise: any one node may be cut off from all other nodes. */
export function isolations(nodes: readonly NodeId[]): Partition[] {
  if (nodes.length < 2) return [];
  return nodes.map((id) =>
    split(
      String(id),
      [id],
      nodes.filter((other) => other !== id),
    ),
  );
}
