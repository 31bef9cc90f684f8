import type { Choice, MessageChoice } from "../../../sim/choice.js";
import { type InFlight, Network, type Queue, textOf } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import type { World } from "../../../sim/world.js";
import type { Components } from "./components.js";
import type { Arriving } from "./counted-inbox.js";
import type { Interner } from "./interner.js";
import type { LocalStep, Place } from "./local-step.js";
import { absent, PairTable } from "./pair-table.js";

/**
 * Remembers what a step of a participant does, by its own state and the message that is delivered, or the choice of its own, or the
 * faults so far: what else is on its way to the participant is neither seen by it nor changed, unless it sends to itself. For
 * participants whose inboxes are interned values, of which there are many more than messages.
 */
export class IsolatedSteps {
  private readonly ofMessages: readonly PairTable[];
  private readonly ofChoices: readonly PairTable[];
  private readonly ofFaults: readonly PairTable[];
  /** The inbox without a message, by both ids. */
  private readonly departures: readonly PairTable[];
  /** Undefined for those that depend on what else is on its way. */
  private readonly found: (LocalStep | undefined)[] = [];

  /** @param take takes a step in a world where nothing else is on its way; undefined when something is afterwards. */
  constructor(
    private readonly components: Components,
    private readonly system: System,
    private readonly take: (world: World, choice: Choice, at: Place) => LocalStep | undefined,
  ) {
    const tables = (): PairTable[] => system.participants.map(() => new PairTable());
    [this.ofMessages, this.ofChoices] = [tables(), tables()];
    [this.ofFaults, this.departures] = [tables(), tables()];
  }

  /**
   * The step of a choice; undefined if it depends on what else is in the inbox.
   *
   * @param position among the choices listed with it that take no message.
   */
  of(world: World, choice: Choice, at: Place, position: number): LocalStep | undefined {
    switch (choice.kind) {
      case "deliver":
        return this.ofDelivery(world, choice as MessageChoice, at);
      case "fire":
      case "choose":
      case "flush":
      case "invoke": {
        const found = this.find(this.ofChoices, position, undefined, world, choice, at);
        return found && { ...found, choice, inbox: at.inbox, faults: at.faults };
      }
      case "crash":
      case "recover":
      case "give-up": {
        // There is at most one of them.
        const found = this.find(this.ofFaults, at.faults, undefined, world, choice, at);
        return found && { ...found, choice, inbox: at.inbox };
      }
      default:
        return undefined;
    }
  }

  private ofDelivery(world: World, choice: MessageChoice, at: Place): LocalStep | undefined {
    const { message } = choice;
    const item = this.itemOf(at.participant, message);
    const found = this.find(this.ofMessages, item, message, world, choice, at);
    if (found === undefined) return undefined;
    const inbox = found.failure === undefined ? this.without(at, item, message) : at.inbox;
    return { ...found, choice, inbox, faults: at.faults };
  }

  private find(
    tables: readonly PairTable[],
    key: number,
    message: InFlight | undefined,
    world: World,
    choice: Choice,
    at: Place,
  ): LocalStep | undefined {
    const table = tables[at.participant] as PairTable;
    let number = table.get(at.slot, key);
    if (number === absent) {
      number = this.found.push(this.take({ ...world, network: this.networkOf(message) }, choice, at)) - 1;
      table.set(at.slot, key, number);
    }
    return this.found[number];
  }

  private itemOf(participant: number, item: InFlight): number {
    const from = item.sender;
    return (this.components.items[participant] as Interner<Arriving>).idOf(`${from} ${textOf(item)}`, { from, item });
  }

  /** A network with one message, or none. */
  private networkOf(message: InFlight | undefined): Network {
    const network = Network.over(this.system.orders);
    if (message === undefined) return network;
    const { sender, receiver } = message;
    network.setInbox(
      receiver,
      network.inbox(receiver).map((queue, from): Queue => (from === sender ? [message] : queue)),
    );
    return network;
  }

  private without({ participant, inbox }: Place, item: number, message: InFlight): number {
    const { sender, receiver, delayed } = message;
    const { components, system } = this;
    if (system.orders[receiver]?.[sender] === "set") return inbox;
    const table = this.departures[participant] as PairTable;
    // Of equal messages, one that is delayed stands elsewhere.
    const known = delayed ? absent : table.get(inbox, item);
    if (known !== absent) return known;
    const network = Network.over(system.orders);
    network.setInbox(participant, components.inboxOf(participant, inbox));
    network.remove(sender, receiver, network.find(sender, receiver, message));
    const after = components.inboxId(network, participant);
    if (!delayed) table.set(inbox, item, after);
    return after;
  }
}
