import { type Choice, describeChoice, participantOf } from "../../../sim/choice.js";
import { firstDifference } from "../../../sim/difference.js";
import { type InFlight, textOf } from "../../../sim/network.js";
import type { NodeId } from "../../../sim/node-id.js";
import type { System } from "../../../sim/system.js";
import { byCodeUnits, encode, type Value } from "../../../sim/value.js";
import type { ClientSlot, NodeSlot } from "../../../sim/world.js";
import type { Components } from "../engine/components.js";
import type { EngineTables } from "../engine/engine-tables.js";
import type { LocalStep, Place } from "../engine/local-step.js";
import type { LocalSteps } from "../engine/local-steps.js";
import { PairTable } from "../engine/pair-table.js";
import { Asymmetry } from "./asymmetry.js";
import type { Images } from "./images.js";
import type { Permutation } from "./permutation.js";
import type { Renaming } from "./renaming.js";
import { SingleInboxes } from "./single-inboxes.js";
import type { Trial, Trials } from "./trials.js";

/**
 * Tries whether code treats alike participants alike: a handler h must satisfy h(π state, π message) = π h(state, message)
 * for each exchange π of places, and so must workloads and monitors (Ip and Dill, "Better verification through symmetry",
 * 1996, where a type of its own, the scalarset, guarantees it). Code is opaque here, so it is tried on what the search meets.
 *
 * @throws Asymmetry with the node, the handler and the path of the difference.
 */
export class Equivariance {
  /** By participant: the pairs of own state and inbox that were taken apart; and those that were tried. */
  private readonly places: readonly PairTable[];
  private readonly tried: readonly PairTable[];
  private readonly inboxes: SingleInboxes;
  private readonly components: Components;
  private readonly steps: LocalSteps;
  private readonly hasFaults: boolean;

  constructor(
    private readonly system: System,
    { components, steps }: EngineTables,
    private readonly images: Images,
    private readonly trials: Trials,
  ) {
    [this.components, this.steps] = [components, steps];
    this.places = system.participants.map(() => new PairTable());
    this.tried = system.participants.map(() => new PairTable());
    this.inboxes = new SingleInboxes(system, components);
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
  }

  /** Tries what each participant of a state does of itself, and with each message in its inbox; faults included. */
  tryState(ids: readonly number[]): void {
    const { components } = this;
    for (let participant = 0; participant < this.places.length; participant += 1) {
      const slot = ids[components.slotComponent(participant)] as number;
      const inbox = ids[components.inboxComponent(participant)] as number;
      if (!(this.places[participant] as PairTable).add(slot, inbox)) continue;
      this.tryPlace({ participant, slot, inbox, faults: ids[components.faultsComponent] as number });
    }
  }

  private tryPlace(place: Place): void {
    const { participant, inbox } = place;
    const { steps } = this;
    this.tryAlone({ ...place, inbox: this.inboxes.empty[participant] as number }, (at) => steps.regular(at));
    for (const item of this.inboxes.itemsIn(participant, inbox))
      this.tryAlone({ ...place, inbox: this.inboxes.of(participant, item) }, (at) => steps.deliveries(at));
  }

  /** Tries it with one message at most. */
  private tryAlone(place: Place, list: (place: Place) => LocalStep[]): void {
    if (!(this.tried[place.participant] as PairTable).add(place.slot, place.inbox)) return;
    const trials = this.trials.next();
    if (trials.length === 0) return;
    const lists = this.hasFaults ? [list, (at: Place) => this.steps.faulty(at)] : [list];
    for (const listed of lists) {
      const found = listed(place);
      for (const trial of trials) this.compare(found, listed(this.imageOf(place, trial)), trial);
    }
  }

  private imageOf({ participant, slot, inbox, faults }: Place, { permutation }: Trial): Place {
    const { components, images } = this;
    return {
      participant: permutation[participant] as number,
      slot: images.of(components.slotComponent(participant), slot, permutation),
      inbox: images.of(components.inboxComponent(participant), inbox, permutation),
      faults: images.of(components.faultsComponent, faults, permutation),
    };
  }

  private imageOfChoice(choice: Choice, { permutation, renaming }: Trial): Choice {
    if (!("message" in choice)) return renaming.choice(choice);
    return { kind: choice.kind, message: this.images.messages.of(choice.message, permutation) };
  }

  /** Compares what the images of some steps should be with what the steps of the image are. */
  private compare(found: readonly LocalStep[], others: readonly LocalStep[], trial: Trial): void {
    const known = new Map(others.map((other) => [describeChoice(other.choice), other]));
    for (const step of found) {
      const other = known.get(describeChoice(this.imageOfChoice(step.choice, trial)));
      if (other === undefined) throw this.asymmetry(trial, step.choice, "has no counterpart");
      const difference = this.difference(step, other, trial);
      if (difference !== undefined) throw this.asymmetry(trial, step.choice, difference);
    }
    if (found.length !== others.length) {
      const names = new Set(found.map((step) => describeChoice(this.imageOfChoice(step.choice, trial))));
      const extra = others.find((other) => !names.has(describeChoice(other.choice))) as LocalStep;
      throw this.asymmetry(trial, extra.choice, "has no counterpart");
    }
  }

  private difference(step: LocalStep, other: LocalStep, { permutation, renaming }: Trial): string | undefined {
    const { components, images } = this;
    const participant = this.participantOf(step.choice);
    if ((step.failure === undefined) !== (other.failure === undefined)) return "fails for one of them only";
    if (step.failure !== undefined) return undefined;
    const component = components.slotComponent(participant);
    if (images.of(component, step.slot, permutation) !== other.slot) return this.slotDifference(step, other, renaming);
    if (images.of(components.inboxComponent(participant), step.inbox, permutation) !== other.inbox)
      return "leaves different messages";
    if (images.of(components.faultsComponent, step.faults, permutation) !== other.faults)
      return "leaves different budgets";
    const [sent, wanted] = [this.sent(step, permutation), this.sent(other, undefined)];
    if (sent !== wanted) return `sends ${sent} and ${wanted}`;
    const [seen, expected] = [this.seen(step, renaming), this.seen(other, undefined)];
    return seen === expected ? undefined : `shows monitors ${seen} and ${expected}`;
  }

  private slotDifference(step: LocalStep, other: LocalStep, renaming: Renaming): string {
    const participant = this.participantOf(step.choice);
    const place = renaming.permutation[participant] as number;
    const { nodes, clients } = this.components;
    const count = nodes.length;
    const [left, right] =
      participant < count
        ? [
            renaming.nodeSlot(nodes[participant]?.values[step.slot] as NodeSlot),
            nodes[place]?.values[other.slot] as NodeSlot,
          ]
        : [
            renaming.clientSlot(clients[participant - count]?.values[step.slot] as ClientSlot),
            clients[place - count]?.values[other.slot] as ClientSlot,
          ];
    const found = firstDifference(identityOf(left), identityOf(right));
    return found === undefined ? "gives different states" : `gives ${found.path}: ${found.left} and ${found.right}`;
  }

  /** What a step sends, as text; to each receiver in the order that matters on the link. */
  private sent({ effects }: LocalStep, permutation: Permutation | undefined): string {
    const texts = (effects?.receivers ?? []).map((receiver, i) => {
      const { from, item } = this.steps.items[receiver]?.values[effects?.items[i] as number] as {
        from: number;
        item: InFlight;
      };
      const moved = permutation === undefined ? item : this.images.messages.of(item, permutation);
      const isFifo = this.system.orders[receiver]?.[from] === "fifo";
      const name = `${moved.from.text}->${moved.to.text}`;
      return {
        name,
        key: isFifo ? `${name} ${String(i).padStart(6, "0")}` : `${name} ${textOf(moved)}`,
        text: textOf(moved),
      };
    });
    texts.sort((a, b) => byCodeUnits(a.key, b.key));
    return texts.map(({ name, text }) => `${name} ${text}`).join(", ") || "nothing";
  }

  private seen({ effects }: LocalStep, renaming: Renaming | undefined): string {
    const events = (effects?.observations ?? []).map((id) => this.steps.observations.values[id] as never);
    return (
      events.map((event) => encode(renaming === undefined ? event : renaming.observation(event))).join(", ") ||
      "nothing"
    );
  }

  private asymmetry({ alike }: Trial, choice: Choice, difference: string): Asymmetry {
    return new Asymmetry(alike, `${this.handlerOf(choice)} tells them apart: with places exchanged, it ${difference}`);
  }

  private handlerOf(choice: Choice): string {
    const participant = this.system.participants[this.participantOf(choice)];
    switch (choice.kind) {
      case "deliver":
        return `onMessage.${choice.message.message.kind} of ${participant}`;
      case "fire":
        return `onTimer.${choice.timer} of ${participant}`;
      case "choose":
        return `onChoice.${choice.label} of ${participant}`;
      case "recover":
        return `recover of ${participant}`;
      case "invoke":
        return `the workload of ${participant}`;
      default:
        return `${choice.kind} at ${participant}`;
    }
  }

  private participantOf(choice: Choice): number {
    return this.system.numberOf(participantOf(choice) as NodeId) as number;
  }
}

/** The identity of a node's or client's slot, as a value. */
function identityOf(slot: NodeSlot | ClientSlot): Value {
  if ("next" in slot) return { next: slot.next, open: slot.open ?? null, results: slot.results ?? null };
  const { up, state, stable, unflushed, timers, pending } = slot;
  return {
    up,
    state,
    stable: stable?.value ?? null,
    unflushed: unflushed?.value ?? null,
    timers: timers.map(({ name, delay }) => ({ name, delay })),
    pending: pending.map(({ label, options }) => ({ label, options: options.map(({ value }) => value) })),
  };
}
