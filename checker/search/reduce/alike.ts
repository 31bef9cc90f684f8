import type { Operation } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import { byCodeUnits, encode } from "../../../sim/value.js";
import type { Workload } from "../../../sim/workload.js";
import { type AlikeBlocks, type Block, exchange, type Permutation } from "./permutation.js";
import { ReductionRefused } from "./refused.js";
import { Renaming } from "./renaming.js";

/** Participants that may be exchanged, by all that can be seen without running them. */
export interface AlikeClass {
  readonly blocks: AlikeBlocks;
  /** The scenario says that they are alike; else they have the same definition or the same workload. */
  readonly isDeclared: boolean;
}

/**
 * The classes of alike participants: those that the scenario declares, and, of the others, nodes with the same definition and
 * clients with the same workload, unless links, partitions or workloads tell them apart.
 *
 * Initial data do not: a search begins where it begins, and what is reached from there mirrored is as good.
 *
 * @throws ReductionRefused for a declared symmetry over participants that are not alike, with the difference.
 */
export function alikeClasses(system: System): AlikeClass[] {
  const declared = system.symmetric.map((blocks) => {
    const [first = [], ...others] = blocks;
    for (const other of others) {
      const found = difference(system, first, other);
      if (found === undefined) continue;
      throw new ReductionRefused(
        `${blockName(system, first)} and ${blockName(system, other)} are declared symmetric, but ${found}`,
      );
    }
    return { blocks, isDeclared: true };
  });
  const taken = new Set(system.symmetric.flat(2));
  const found: Block[][] = [];
  system.participants.forEach((_, participant) => {
    if (taken.has(participant)) return;
    const known = found.find(([first]) => first !== undefined && isAlike(system, first, [participant]));
    if (known === undefined) found.push([[participant]]);
    else known.push([participant]);
  });
  return [...declared, ...found.filter(({ length }) => length > 1).map((blocks) => ({ blocks, isDeclared: false }))];
}

export function blockName({ participants }: System, block: Block): string {
  const names = block.map((member) => String(participants[member]));
  return names.length === 1 ? (names[0] as string) : `(${names.join(", ")})`;
}

function isAlike(system: System, [one = 0]: Block, [other = 0]: Block): boolean {
  const [first, second] = [system.nodes[one], system.nodes[other]];
  const isSame = first === undefined ? second === undefined : first.definition === second?.definition;
  return isSame && difference(system, [one], [other]) === undefined;
}

/** What tells two blocks apart before anything runs; a sentence's end. */
function difference(system: System, one: Block, other: Block): string | undefined {
  const permutation = exchange(system.participants.length, one, other);
  const renaming = new Renaming(system, permutation);
  return (
    roleDifference(system, permutation) ??
    linkDifference(system, permutation) ??
    workloadDifference(system, permutation, renaming) ??
    (renaming.hasPartitions
      ? undefined
      : "a partition cuts off one of them in a way in which none cuts off the other.") ??
    (system.errors.every(({ reply }) => encode(renaming.value(reply)) === encode(reply))
      ? undefined
      : "an error reply names one of them.")
  );
}

function roleDifference({ nodes }: System, permutation: Permutation): string | undefined {
  for (const [number, node] of nodes.entries()) {
    const image = nodes[permutation[number] as number];
    if (image === undefined) return `${node.name} is a node, and the other a client.`;
    if (image.definition.role !== node.definition.role) {
      return `${node.name} has the role ${node.definition.role}, and ${image.name} the role ${image.definition.role}.`;
    }
  }
  return undefined;
}

function linkDifference({ orders, participants }: System, permutation: Permutation): string | undefined {
  for (const [to, row] of orders.entries()) {
    for (const [from, order] of row.entries()) {
      const [otherTo, otherFrom] = [permutation[to] as number, permutation[from] as number];
      const image = orders[otherTo]?.[otherFrom];
      if (image === order) continue;
      return (
        `the link from ${participants[from]} to ${participants[to]} has the order ${order}, and ` +
        `that from ${participants[otherFrom]} to ${participants[otherTo]} the order ${image}.`
      );
    }
  }
  return undefined;
}

function workloadDifference(system: System, permutation: Permutation, renaming: Renaming): string | undefined {
  for (const [number, client] of system.clients.entries()) {
    const image = system.clients[(permutation[system.nodes.length + number] as number) - system.nodes.length];
    if (image === undefined) return `${client.id} is a client, and the other a node.`;
    if (isSameWorkload(client.workload, image.workload, renaming)) continue;
    return client === image
      ? `the workload of ${client.id} tells them apart.`
      : `${client.id} and ${image.id} have different workloads.`;
  }
  return undefined;
}

/** Functions are compared as such; whether one tells nodes apart is seen when it runs. */
function isSameWorkload(one: Workload, other: Workload, renaming: Renaming): boolean {
  const renamed = (operation: Operation): string => encode(renaming.operation(operation));
  switch (one.kind) {
    case "next":
      return other.kind === "next" && one.next === other.next;
    case "list":
      return (
        other.kind === "list" && one.operations.map(renamed).join("\n") === other.operations.map(encode).join("\n")
      );
    case "any":
      return (
        other.kind === "any" &&
        one.budget === other.budget &&
        sorted(one.options.map(renamed)) === sorted(other.options.map(encode))
      );
  }
}

function sorted(texts: readonly string[]): string {
  return [...texts].sort(byCodeUnits).join("\n");
}
