import { blindObserver } from "../../../sim/carrier.js";
import type { Choice } from "../../../sim/choice.js";
import { addFaults, addNetworkFaults, addRegular } from "../../../sim/enabled.js";
import type { Observation } from "../../../sim/monitor.js";
import { type InFlight, type Inbox, Network, textOf } from "../../../sim/network.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { StepObserver } from "../../../sim/observer.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import { encode } from "../../../sim/value.js";
import { type ClientSlot, downSlot, type NodeSlot, type World } from "../../../sim/world.js";
import type { Components, Faults } from "./components.js";
import { Interner } from "./interner.js";

/** A message on its way to a participant, for the table of what its inbox becomes. */
export interface Arriving {
  readonly from: number;
  readonly item: InFlight;
}

/** What a step does beyond its own participant: messages to others, and observations for the monitors; all by id. */
export interface Effects {
  readonly receivers: readonly number[];
  readonly items: readonly number[];
  readonly observations: readonly number[];
}

/** A step as it looks from its participant: its own ids before and after, and its effects. */
export interface LocalStep {
  readonly choice: Choice;
  readonly slot: number;
  readonly inbox: number;
  readonly faults: number;
  readonly effects: Effects | undefined;
  readonly failure: NodeFailure | undefined;
}

/** A participant, and the ids of its own state, its inbox and the faults. */
export interface Place {
  readonly participant: number;
  readonly slot: number;
  readonly inbox: number;
  readonly faults: number;
}

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

  constructor(
    private readonly components: Components,
    private readonly system: System,
  ) {
    this.items = system.participants.map(() => new Interner(components.log));
    this.observations = new Interner(components.log);
    this.observer = blindObserver(system);
    this.collecting = { ...system, monitors: system.monitors.length === 0 ? [] : [collector] };
  }

  /** The steps of a participant that are no faults. */
  regular(at: Place): LocalStep[] {
    return this.stepsOf(at, (choices, world) => addRegular(choices, this.system, world, at.participant));
  }

  /** The faults that may befall a participant or its inbox. */
  faulty(at: Place): LocalStep[] {
    return this.stepsOf(at, (choices, world) => addFaults(choices, this.system, world, at.participant));
  }

  /** Partitions and healing, which are no participant's: the first one stands by, unchanged. */
  ofNetwork(faults: number): LocalStep[] {
    const at = { participant: 0, slot: 0, inbox: 0, faults };
    return this.stepsOf(at, (choices, world) => addNetworkFaults(choices, this.system, world));
  }

  private stepsOf(at: Place, list: (choices: Choice[], world: World) => void): LocalStep[] {
    const world = this.worldWith(at);
    const choices: Choice[] = [];
    list(choices, world);
    return choices.map((choice) => this.take(world, choice, at));
  }

  /** A world in which only one participant has a state and an inbox. */
  private worldWith({ participant, slot, inbox, faults }: Place): World {
    const { nodes, clients, orders } = this.system;
    const { components } = this;
    const network = Network.over(orders);
    network.setInbox(participant, components.inboxes[participant]?.values[inbox] as Inbox);
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

  private take(world: World, choice: Choice, { participant, slot, inbox, faults }: Place): LocalStep {
    try {
      const after = step(this.collecting, world, choice, this.observer);
      return {
        choice,
        slot: this.components.slotId(after, participant),
        inbox: this.components.inboxId(after.network, participant),
        faults: this.components.faultsId(after),
        effects: this.effectsOf(after, participant),
        failure: undefined,
      };
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      return { choice, slot, inbox, faults, effects: undefined, failure: error };
    }
  }

  private effectsOf(after: World, participant: number): Effects | undefined {
    const receivers: number[] = [];
    const items: number[] = [];
    this.system.participants.forEach((_, to) => {
      if (to === participant) return;
      after.network.inbox(to).forEach((queue, from) => {
        for (const item of queue) {
          receivers.push(to);
          items.push((this.items[to] as Interner<Arriving>).idOf(`${from} ${textOf(item)}`, { from, item }));
        }
      });
    });
    const seen = (after.monitors[0] ?? []) as readonly Observation[];
    const observations = seen.map((event) => this.observations.idOf(encode(event), event));
    return receivers.length === 0 && observations.length === 0 ? undefined : { receivers, items, observations };
  }
}

const collector = {
  name: "collector",
  start: [] as readonly Observation[],
  on: (events: readonly Observation[], event: Observation): readonly Observation[] => [...events, event],
};

const idleClient: ClientSlot = { next: 0, open: undefined, results: undefined, origin: undefined, text: undefined };
