import { noOrigin } from "../../../sim/origin.js";
import type { Choice, Operation } from "../../../sim/choice.js";
import type { Message } from "../../../sim/message.js";
import type { CompiledPartition, System } from "../../../sim/system.js";
import type { NodeId } from "../../../sim/node-id.js";
import type { InFlight, Inbox } from "../../../sim/network.js";
import type { Observation } from "../../../sim/monitor.js";
import { byCodeUnits, encode, type Value } from "../../../sim/value.js";
import type { ClientSlot, NodeSlot, Stable } from "../../../sim/world.js";
import type { Faults } from "../engine/components.js";
import type { Permutation } from "./permutation.js";
import { renamedValue } from "./renamed-value.js";

/**
 * What becomes of the parts of a world when participants exchange their places: NodeIds are opaque values, so that renaming
 * those within states, messages and so on is all there is to it.
 *
 * Systems with active bags are not renamed: their contexts are no part of the values here.
 */
export class Renaming {
  private readonly names: Map<NodeId, NodeId>;
  private readonly rename = (id: NodeId): NodeId => this.names.get(id) ?? id;

  constructor(
    private readonly system: System,
    readonly permutation: Permutation,
  ) {
    this.names = new Map(
      system.participants.map((id, number) => [id, system.participants[permutation[number] as number] as NodeId]),
    );
  }

  value(value: Value): Value {
    return renamedValue(value, this.rename);
  }

  nodeSlot(slot: NodeSlot): NodeSlot {
    const { up, state, stable, unflushed, timers, pending } = slot;
    return {
      up,
      state: this.value(state),
      stable: this.stored(stable),
      unflushed: this.stored(unflushed),
      timers,
      pending: pending.map(({ label, options }) => ({
        label,
        options: options
          .map((option) => this.value(option.value))
          .map((value) => ({ value, text: encode(value) }))
          .sort((a, b) => byCodeUnits(a.text, b.text)),
        origin: undefined,
        bags: "",
      })),
      origin: undefined,
      bags: "",
      text: undefined,
    };
  }

  clientSlot(slot: ClientSlot): ClientSlot {
    const open = slot.open === undefined ? undefined : this.operation(slot.open);
    const results = slot.results?.map((result) => this.value(result) as typeof result);
    return { next: slot.next, open, results, origin: undefined, bags: "", text: undefined };
  }

  inbox(inbox: Inbox): Inbox {
    const renamed: InFlight[][] = [];
    inbox.forEach((queue, from) => {
      renamed[this.permutation[from] as number] = queue.map((item) => this.item(item));
    });
    return renamed;
  }

  item({ from, to, message, call, sender, receiver, delayed }: InFlight): InFlight {
    return {
      ...noOrigin,
      from: this.value(from) as NodeId,
      to: this.value(to) as NodeId,
      message: this.value(message) as Message,
      call: call === undefined ? undefined : this.value(call),
      sender: this.permutation[sender] as number,
      receiver: this.permutation[receiver] as number,
      delayed,
      bags: "",
      text: undefined,
    };
  }

  faults({ budget, partitions }: Faults): Faults {
    const renamed = new Set(partitions.map((name) => this.partition(name)));
    return { budget, partitions: this.system.partitions.map(({ name }) => name).filter((name) => renamed.has(name)) };
  }

  /** The partition that cuts the links that this one's cut links become; of several that cut the same, in their order. */
  partition(name: string): string {
    const { partitions } = this.system;
    const cut = partitions.find((partition) => partition.name === name) as CompiledPartition;
    const alike = partitions.filter(({ links }) => isSame(links, cut.links));
    const found = this.imagesOf(cut)[alike.indexOf(cut)];
    if (found === undefined) throw new Error(`No partition is what ${name} becomes.`);
    return found.name;
  }

  /** Whether the scenario has a partition for what each becomes. */
  get hasPartitions(): boolean {
    const { partitions } = this.system;
    return partitions.every(
      (cut) => this.imagesOf(cut).length === partitions.filter(({ links }) => isSame(links, cut.links)).length,
    );
  }

  observation(event: Observation): Observation {
    if (event.kind === "partition") return { ...event, name: this.partition(event.name) };
    return this.value(event) as Observation;
  }

  operation({ to, message }: Operation): Operation {
    return { to: this.rename(to), message: this.value(message) as Operation["message"] };
  }

  choice(choice: Choice): Choice {
    if (choice.kind === "partition") return { kind: "partition", name: this.partition(choice.name) };
    if ("message" in choice) return { kind: choice.kind, message: this.item(choice.message) };
    return this.value(choice) as Choice;
  }

  private stored(stable: Stable | undefined): Stable | undefined {
    return stable === undefined ? undefined : { value: this.value(stable.value), origin: undefined, bags: "" };
  }

  private imagesOf(cut: CompiledPartition): CompiledPartition[] {
    const count = this.system.participants.length;
    const links = new Set(
      [...cut.links].map((link) => {
        const [to, from] = [Math.floor(link / count), link % count];
        return (this.permutation[to] as number) * count + (this.permutation[from] as number);
      }),
    );
    return this.system.partitions.filter((other) => isSame(other.links, links));
  }
}

function isSame(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return one.size === other.size && [...one].every((link) => other.has(link));
}
