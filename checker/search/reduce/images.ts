import { type Inbox, Network } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import { encode } from "../../../sim/value.js";
import {
  type ClientSlot,
  encodeClientSlot,
  encodeFaults,
  encodeNodeSlot,
  type NodeSlot,
  type World,
} from "../../../sim/world.js";
import type { Components, Faults } from "../engine/components.js";
import type { Interner } from "../engine/interner.js";
import { Mentions, placesOf, type Telling } from "./mentions.js";
import { MessageImages } from "./message-images.js";
import type { Permutation } from "./permutation.js";
import { Renaming } from "./renaming.js";

/**
 * What becomes of each component's ids when alike participants exchange their places: orbit tables, so that user values are
 * renamed once and a state is renamed by looking up small numbers.
 *
 * What a permutation makes of a value depends on the places of those alone whom the value mentions, and of its owner: that
 * is the key. (A value that mentions k of n has n!/(n-k)! images at most, whatever the number of permutations.)
 */
export class Images {
  readonly messages: MessageImages;
  private readonly mentions: Mentions;
  /** For each component and id. */
  private readonly known: Known[][];
  /** The participant whose slot or inbox a component is; -1 for monitors and faults, which are listed after it. */
  private readonly owners: readonly number[];
  private readonly others: readonly number[];
  /** For each participant, the component of its own state, and that of its inbox. */
  private readonly slots: readonly number[];
  private readonly inboxes: readonly number[];
  /** How many images have been made: each may be a new id. */
  made = 0;

  /** @param alike the participants that ever change their places, in ascending order. */
  constructor(
    private readonly system: System,
    private readonly components: Components,
    alike: readonly number[],
  ) {
    this.mentions = new Mentions(system, alike);
    this.messages = new MessageImages(system, this.mentions);
    this.known = components.all.map(() => []);
    const owners = components.all.map(() => -1);
    this.slots = system.participants.map((_, participant) => components.slotComponent(participant));
    this.inboxes = system.participants.map((_, participant) => components.inboxComponent(participant));
    for (const own of [this.slots, this.inboxes]) own.forEach((component, owner) => (owners[component] = owner));
    this.owners = owners;
    this.others = [...owners.keys()].filter((component) => (owners[component] as number) < 0);
  }

  /** The number of the component into which a permutation moves this one. */
  component(component: number, permutation: Permutation): number {
    const owner = this.owners[component] as number;
    if (owner < 0) return component;
    const own = component === this.slots[owner] ? this.slots : this.inboxes;
    return own[permutation[owner] as number] as number;
  }

  /** The id, in the component that it is moved to, of what a component's id becomes. */
  of(component: number, id: number, permutation: Permutation, moved = movedBy(permutation)): number {
    const { mask, mentioned, images } = this.knownOf(component, id);
    if ((mask & moved) === 0) return id;
    const places = placesOf(mentioned, permutation);
    const known = images.get(places);
    if (known !== undefined) return known;
    const image = this.make(component, id, permutation);
    this.made += 1;
    images.set(places, image);
    return image;
  }

  /** Writes the ids of all components after a permutation. */
  ofAll(ids: readonly number[], permutation: Permutation, into: number[]): void {
    const { slots, inboxes } = this;
    const moved = movedBy(permutation);
    for (let participant = 0; participant < slots.length; participant += 1) {
      const place = permutation[participant] as number;
      const [slot, inbox] = [slots[participant] as number, inboxes[participant] as number];
      into[slots[place] as number] = this.of(slot, ids[slot] as number, permutation, moved);
      into[inboxes[place] as number] = this.of(inbox, ids[inbox] as number, permutation, moved);
    }
    for (const other of this.others) into[other] = this.of(other, ids[other] as number, permutation, moved);
  }

  /** Whether a permutation makes a state of itself; `moved` are those who change their places. */
  isUnchanged(ids: readonly number[], permutation: Permutation, moved: number): boolean {
    for (let component = 0; component < ids.length; component += 1) {
      const id = ids[component] as number;
      if ((this.knownOf(component, id).mask & moved) === 0) continue;
      if (this.of(component, id, permutation, moved) !== ids[this.component(component, permutation)]) return false;
    }
    return true;
  }

  private knownOf(component: number, id: number): Known {
    const known = this.known[component] as Known[];
    return (known[id] ??= this.learn(component, id));
  }

  private learn(component: number, id: number): Known {
    const mentioned = this.mentions.in((telling) => this.tell(component, id, telling));
    const mask = mentioned.reduce((bits, one) => bits | bitOf(one), 0);
    return { mentioned, mask, images: new Map<number | string, number>() };
  }

  /** Tells the values within a component's value; of partitions in force, whom they cut off; and the owner. */
  private tell(component: number, id: number, { value: see, participant }: Telling): void {
    const { system, components } = this;
    const value = components.all[component]?.values[id];
    const owner = this.owners[component] as number;
    participant(owner);
    if (component === components.faultsComponent) {
      const { partitions } = value as Faults;
      for (const { name, cuts } of system.partitions) if (partitions.includes(name)) see(cuts);
    } else if (owner < 0) see(value);
    else if (component === components.inboxComponent(owner)) {
      for (const queue of value as Inbox) {
        for (const message of queue) this.messages.mentionedIn(message).forEach(participant);
      }
    } else if (owner < system.nodes.length) {
      const { state, stable, unflushed, pending } = value as NodeSlot;
      for (const inside of [state, stable?.value, unflushed?.value]) see(inside);
      for (const { options } of pending) for (const option of options) see(option.value);
    } else {
      const { open, results } = value as ClientSlot;
      see(open);
      see(results);
    }
  }

  private make(component: number, id: number, permutation: Permutation): number {
    const { system, components } = this;
    const value = components.all[component]?.values[id];
    const owner = this.owners[component] as number;
    const place = permutation[owner] as number;
    if (owner >= 0 && component === this.inboxes[owner]) {
      const network = Network.over(system.orders);
      network.setInbox(place, this.messages.ofInbox(value as Inbox, permutation));
      return components.inboxId(network, place);
    }
    const renaming = new Renaming(system, permutation);
    if (component === components.faultsComponent) {
      const faults = renaming.faults(value as Faults);
      return components.faults.idOf(encodeFaults(faults as World), faults);
    }
    const target = components.all[this.component(component, permutation)] as Interner<unknown>;
    if (owner < 0) {
      const renamed = renaming.value(value);
      return target.idOf(encode(renamed), renamed);
    }
    if (owner < system.nodes.length) {
      const slot = renaming.nodeSlot(value as NodeSlot);
      return target.idOf(encodeNodeSlot(slot), slot);
    }
    const slot = renaming.clientSlot(value as ClientSlot);
    return target.idOf(encodeClientSlot(slot), slot);
  }
}

/** What is known of a component's value: those of the alike whom it mentions, its owner among them, and its images. */
interface Known {
  readonly mentioned: readonly number[];
  /** Their bits (see `bitOf`). */
  readonly mask: number;
  /** By the places of those mentioned. */
  readonly images: Map<number | string, number>;
}

/** The bits of those who change their places. */
export function movedBy(permutation: Permutation): number {
  let moved = 0;
  for (let one = 0; one < permutation.length; one += 1) if (permutation[one] !== one) moved |= bitOf(one);
  return moved;
}

/** The bit of a participant; several may share one, so that a bit only says that one of them may be meant. */
function bitOf(participant: number): number {
  return 1 << (participant % 31);
}
