import { Renaming } from "../../checker/search/reduce/renaming.js";
import { blindObserver } from "../../sim/carrier.js";
import { initialWorld } from "../../sim/initial.js";
import { Network } from "../../sim/network.js";
import { nodeId } from "../../sim/node-id.js";
import type { System } from "../../sim/system.js";
import { encodeWorld, type World } from "../../sim/world.js";
import { explore } from "./exploring.js";

/** How many orbits the reachable worlds have: all permutations of each world are made, and the least text is kept. */
export function orbits(system: System, alike: readonly (readonly string[])[]): number {
  const renamings = renamingsOf(system, alike);
  const met = explore(system, 100_000);
  if (met === undefined) throw new Error("There are too many worlds.");
  const seen = new Set<string>();
  for (const { world } of met.values()) {
    const texts = renamings.map((renaming) => encodeWorld(renamed(system, world, renaming)));
    seen.add(texts.reduce((least, text) => (text < least ? text : least)));
  }
  return seen.size;
}

/** Whether exchanging alike participants leaves the initial world as it is. */
export function isSymmetricAtFirst(system: System, alike: readonly (readonly string[])[]): boolean {
  const world = initialWorld(system, blindObserver(system));
  const text = encodeWorld(world);
  return renamingsOf(system, alike).every((renaming) => encodeWorld(renamed(system, world, renaming)) === text);
}

function renamingsOf(system: System, alike: readonly (readonly string[])[]): Renaming[] {
  const classes = alike.map((names) => names.map((name) => system.numberOf(nodeId(name)) as number));
  return permutations(system, classes).map((permutation) => new Renaming(system, permutation));
}

function renamed(system: System, world: World, renaming: Renaming): World {
  const { permutation } = renaming;
  const nodes: World["nodes"] = [];
  const clients: World["clients"] = [];
  const network = Network.over(system.orders);
  system.participants.forEach((_, participant) => {
    const place = permutation[participant] as number;
    network.setInbox(place, renaming.inbox(world.network.inbox(participant)));
    const count = system.nodes.length;
    const node = world.nodes[participant];
    if (node !== undefined) nodes[place] = renaming.nodeSlot(node);
    else clients[place - count] = renaming.clientSlot(world.clients[participant - count] as World["clients"][number]);
  });
  const monitors = world.monitors.map((value) => renaming.value(value));
  return { nodes, clients, network, monitors, ...renaming.faults(world) };
}

/** All ways of permuting the members of each class. */
function permutations({ participants }: System, classes: readonly (readonly number[])[]): number[][] {
  let all = [participants.map((_, i) => i)];
  for (const members of classes) {
    all = all.flatMap((permutation) =>
      orders(members).map((order) => {
        const next = permutation.slice();
        members.forEach((member, i) => {
          next[member] = order[i] as number;
        });
        return next;
      }),
    );
  }
  return all;
}

function orders(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) => orders(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}
