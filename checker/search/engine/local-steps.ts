import { blindObserver } from "../../../sim/carrier.js";
import type { Choice } from "../../../sim/choice.js";
import { addFaults, addNetworkFaults, addRegular } from "../../../sim/enabled.js";
import type { Observation } from "../../../sim/monitor.js";
import { type Inbox, Network, textOf } from "../../../sim/network.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { StepObserver } from "../../../sim/observer.js";
import { denselySampled } from "../../../sim/sample.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import { encode } from "../../../sim/value.js";
import { type ClientSlot, downSlot, type NodeSlot, type World } from "../../../sim/world.js";
import type { Components, Faults } from "./components.js";
import type { Arriving } from "./counted-inbox.js";
import { Interner } from "./interner.js";
import { IsolatedSteps } from "./isolated-steps.js";
import type { LocalStep, Place } from "./local-step.js";

/**
 * Finds out what the steps of one participant do, by taking them with the kernel's own `step` in a world that holds nothing
 * but this participant. So user code is called once per (participant, own state, inbox), and the meaning is the kernel's.
 */
export class LocalSteps {
  /** The messages on their way to each participant, by id. */
  readonly items: readonly Interner<Arriving>[];
  readonly observations: Interner<Observation>;
  /** The same system with a monitor that collects observations in place of its own. */
  private readonly collecting: System;
  private readonly observer: StepObserver | undefined;
  private readonly isolated: IsolatedSteps;

  constructor(
    private readonly components: Components,
    private readonly system: System,
  ) {
    this.items = components.items;
    this.observations = new Interner(components.log);
    this.observer = blindObserver(system);
    this.collecting = { ...system, monitors: system.monitors.length === 0 ? [] : [collector] };
    this.isolated = new IsolatedSteps(components, system, (world, choice, at) => this.takeAlone(world, choice, at));
  }

  /** The steps of a participant that are no faults. */
  regular(at: Place): LocalStep[] {
    return this.stepsOf(at, (world) => this.listRegular(world, at));
  }

  /** Those of them that take a message of its inbox. */
  deliveries(at: Place): LocalStep[] {
    return this.stepsOf(at, (world) => this.listRegular(world, at).filter(({ kind }) => kind === "deliver"));
  }

  /** The faults that may befall a participant or its inbox. */
  faulty(at: Place): LocalStep[] {
    return this.stepsOf(at, (world) => this.listFaults(world, at));
  }

  /** The choices of a participant that are no faults; none is taken. */
  offered(at: Place): Choice[] {
    return this.listRegular(this.worldWith(at), at);
  }

  /** The steps of a participant whose inbox is kept as counts: without one of its messages, or the delivery of that one. */
  ofCounted(at: Place): LocalStep[] {
    return this.stepsOf(at, (world) => this.listRegular(world, at).filter((choice) => isOf(at, choice)));
  }

  /** The faults that may befall such a participant; or one of its messages. */
  faultyOfCounted(at: Place): LocalStep[] {
    return this.stepsOf(at, (world) => this.listFaults(world, at).filter((choice) => isOf(at, choice)));
  }

  /** Partitions and healing, which are no participant's: the first one stands by, unchanged. */
  ofNetwork({ faults }: Pick<Place, "faults">): LocalStep[] {
    const at = { participant: 0, slot: 0, inbox: 0, faults };
    return this.stepsOf(at, (world) => {
      const choices: Choice[] = [];
      addNetworkFaults(choices, this.system, world);
      return choices;
    });
  }

  private listRegular(world: World, { participant }: Place): Choice[] {
    const choices: Choice[] = [];
    addRegular(choices, this.system, world, participant);
    return choices;
  }

  private listFaults(world: World, { participant }: Place): Choice[] {
    const choices: Choice[] = [];
    addFaults(choices, this.system, world, participant);
    return choices;
  }

  private stepsOf(at: Place, list: (world: World) => Choice[]): LocalStep[] {
    const world = this.worldWith(at);
    const isCounted = this.components.counted[at.participant] !== undefined;
    let own = -1;
    return list(world).map((choice) => {
      if (!("message" in choice)) own += 1;
      return (isCounted ? undefined : this.isolated.of(world, choice, at, own)) ?? this.take(world, choice, at);
    });
  }

  /** A world in which only one participant has a state and an inbox. */
  private worldWith({ participant, slot, inbox, message, faults }: Place): World {
    const { nodes, clients, orders } = this.system;
    const { components } = this;
    const network = Network.over(orders);
    const counted = components.counted[participant];
    network.setInbox(participant, counted?.inboxWith(message) ?? components.inboxOf(participant, inbox));
    const { budget, partitions } = components.faults.values[faults] as Faults;
    const own = components.all[components.slotComponent(participant)]?.values[slot];
    return {
      nodes: nodes.map((_, node) => (node === participant ? (own as NodeSlot) : downSlot)),
      network,
      clients: clients.map((_, client) => (nodes.length + client === participant ? (own as ClientSlot) : idleClient)),
      monitors: this.collecting.monitors.map(() => []),
      budget,
      partitions,
    };
  }

  private take(world: World, choice: Choice, at: Place): LocalStep {
    return orFailing(choice, at, () => {
      const after = this.after(world, choice);
      const { participant, inbox, message } = at;
      const isCounted = this.components.counted[participant] !== undefined;
      return {
        choice,
        slot: this.components.slotId(after, participant),
        inbox: isCounted ? inbox : this.components.inboxId(after.network, participant),
        faults: this.components.faultsId(after),
        ...this.effectsOf(world, after, participant, isCounted ? { message } : undefined),
        failure: undefined,
      };
    });
  }

  /** The same for a participant whose inbox is an interned value, of a step that is no message's fault; undefined if it leaves anything there. */
  private takeAlone(world: World, choice: Choice, at: Place): LocalStep | undefined {
    return orFailing(choice, at, () => {
      const after = this.after(world, choice);
      const { participant, inbox } = at;
      const left = after.network.inbox(participant);
      if (left !== world.network.inbox(participant) && hasMessages(left)) return undefined;
      const slot = this.components.slotId(after, participant);
      const faults = this.components.faultsId(after);
      const effects = this.effectsOf(world, after, participant, undefined);
      return { choice, slot, inbox, faults, ...effects, failure: undefined };
    });
  }

  private after(world: World, choice: Choice): World {
    return denselySampled(() => step(this.collecting, world, choice, this.observer));
  }

  /** @param counted what was in the participant's own inbox, if that is kept as counts */
  private effectsOf(
    before: World,
    after: World,
    participant: number,
    counted: { readonly message: number | undefined } | undefined,
  ): Pick<LocalStep, "taken" | "effects"> {
    const receivers: number[] = [];
    const items: number[] = [];
    let taken = counted?.message;
    this.system.participants.forEach((_, to) => {
      if (to === participant && counted === undefined) return;
      const inbox = after.network.inbox(to);
      // Others had no messages before.
      if (to !== participant && inbox === before.network.inbox(to)) return;
      inbox.forEach((queue, from) => {
        for (const message of queue) {
          const item = (this.items[to] as Interner<Arriving>).idOf(`${from} ${textOf(message)}`, {
            from,
            item: message,
          });
          if (to === participant && item === taken) {
            taken = undefined;
            continue;
          }
          receivers.push(to);
          items.push(item);
        }
      });
    });
    const seen = (after.monitors[0] ?? []) as readonly Observation[];
    const observations = seen.map((event) => this.observations.idOf(encode(event), event));
    const hasNone = receivers.length === 0 && observations.length === 0;
    return { taken, effects: hasNone ? undefined : { receivers, items, observations } };
  }
}

/** What a step gives, or that it fails: the handler, or what it gives cannot be kept. */
function orFailing<T>(choice: Choice, { slot, inbox, faults }: Place, take: () => T): T | LocalStep {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    return { choice, slot, inbox, faults, taken: undefined, effects: undefined, failure: error };
  }
}

function hasMessages(inbox: Inbox): boolean {
  return inbox.some((queue) => queue.length > 0);
}

/** Whether a choice is about the message of a place, or that has none and the choice is about none. */
function isOf({ message }: Place, choice: Choice): boolean {
  return "message" in choice === (message !== undefined);
}

const collector = {
  name: "collector",
  start: [] as readonly Observation[],
  on: (events: readonly Observation[], event: Observation): readonly Observation[] => [...events, event],
};

const idleClient: ClientSlot = { next: 0, open: undefined, results: undefined, origin: undefined, text: undefined };
