import type { Choice } from "../choice.js";
import { boundaryOf, isLeft } from "../enabled.js";
import type { FaultKind } from "../fault.js";
import type { InFlight, LinkOrder } from "../network.js";
import { type Random, stream } from "../random.js";
import type { System } from "../system.js";
import type { World } from "../world.js";

/** A fault that a simulation has drawn for some moment. */
export type PlannedFault =
  | { readonly kind: "crash" | "recover"; readonly node: number }
  | { readonly kind: "partition"; readonly name: string }
  | { readonly kind: "heal" }
  | { readonly kind: "give-up"; readonly client: number; readonly index: number };

interface Planned {
  /** In ticks. */
  readonly time: number;
  readonly fault: PlannedFault;
}

/** The probability that a fault of the budget befalls a given message or operation. */
const messageChance = 0.1;
/** The probability that a simulation has a given unit of the crash or partition budget happen at all. */
const nodeChance = 0.75;
/** Crashes and partitions begin within these ticks; recoveries and healings follow within as many. */
const horizon = 1000;
/** Units that are drawn of an unlimited budget. */
const unitsOfAny = 3;

/** Draws whether and when the faults of the budget happen, each kind from a stream of its own. */
export class FaultPlan {
  private readonly streams = new Map<FaultKind, Random>();

  constructor(
    private readonly system: System,
    private readonly seed: number,
  ) {}

  /** The crashes and partitions of this run. */
  initial(): Planned[] {
    const { nodes, partitions } = this.system;
    const crashes = this.units(
      "crash",
      (random) => ({ kind: "crash", node: random.between(0, nodes.length - 1) }) as const,
    );
    if (partitions.length === 0) return crashes;
    const cuts = this.units("partition", (random) => {
      const { name } = partitions[random.between(0, partitions.length - 1)] as { readonly name: string };
      return { kind: "partition", name } as const;
    });
    return [...crashes, ...cuts];
  }

  private units(kind: FaultKind, make: (random: Random) => PlannedFault): Planned[] {
    const budget = this.system.faults[kind] ?? 0;
    const planned: Planned[] = [];
    for (let unit = 0; unit < (budget === "any" ? unitsOfAny : budget); unit += 1) {
      const random = this.random(kind);
      const [happens, time, fault] = [random.happens(nodeChance), random.between(1, horizon), make(random)];
      if (happens) planned.push({ time, fault });
    }
    return planned;
  }

  /** What comes of a fault: a crash may be recovered from, a partition heals. */
  after(fault: PlannedFault, now: number): Planned[] {
    switch (fault.kind) {
      case "crash":
        if (!this.isBudgeted("recover")) return [];
        return [
          { time: now + this.random("recover").between(1, horizon), fault: { kind: "recover", node: fault.node } },
        ];
      case "partition":
        return [{ time: now + this.random("partition").between(1, horizon), fault: { kind: "heal" } }];
      case "recover":
      case "heal":
      case "give-up":
        return [];
    }
  }

  /** The planned fault as a choice; undefined when it cannot happen any more. */
  choiceOf(fault: PlannedFault, world: World): Choice | undefined {
    switch (fault.kind) {
      case "crash":
      case "recover": {
        const node = this.system.nodes[fault.node];
        if (node === undefined || !isLeft(world, fault.kind)) return undefined;
        const isUp = world.nodes[fault.node]?.up === true;
        const possible = fault.kind === "crash" ? isUp : !isUp && node.definition.recover !== undefined;
        return possible ? { kind: fault.kind, node: node.id } : undefined;
      }
      case "partition":
        if (!isLeft(world, "partition") || world.partitions.includes(fault.name)) return undefined;
        return { kind: "partition", name: fault.name };
      case "heal":
        return world.partitions.length > 0 ? { kind: "heal" } : undefined;
      case "give-up": {
        const slot = world.clients[fault.client];
        const client = this.system.clients[fault.client];
        if (client === undefined || slot?.open === undefined || slot.next !== fault.index + 1) return undefined;
        return isLeft(world, "give-up") ? { kind: "give-up", client: client.id, index: fault.index } : undefined;
      }
    }
  }

  /** The fate of a message that has just been sent; whether the budget still allows it is asked when it arrives. */
  fateOf(item: InFlight, order: LinkOrder): "deliver" | "drop" | "duplicate" | "delay" | "error" {
    if (order === "set") return "deliver";
    if (this.draws("drop")) return "drop";
    if (!item.delayed && this.draws("duplicate")) return "duplicate";
    if (order === "fifo" && !item.delayed && this.draws("delay")) return "delay";
    const { to, message } = item;
    if (boundaryOf(this.system, to, message.kind) !== undefined && this.draws("error")) return "error";
    return "deliver";
  }

  /** Whether and when a client gives up on the operation that it invokes now. */
  impatience(client: number, index: number, now: number): Planned | undefined {
    if (!this.draws("give-up")) return undefined;
    return { time: now + this.random("give-up").between(1, horizon), fault: { kind: "give-up", client, index } };
  }

  private draws(kind: FaultKind): boolean {
    return this.isBudgeted(kind) && this.random(kind).happens(messageChance);
  }

  private isBudgeted(kind: FaultKind): boolean {
    return (this.system.faults[kind] ?? 0) !== 0;
  }

  private random(kind: FaultKind): Random {
    const known = this.streams.get(kind);
    if (known !== undefined) return known;
    const made = stream(this.seed, `fault ${kind}`);
    this.streams.set(kind, made);
    return made;
  }
}
