import type { Origin } from "../../../sim/origin.js";
import type { Choice } from "../../../sim/choice.js";
import { describeChoice } from "../../../sim/choice.js";
import { initialWorld } from "../../../sim/initial.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import { step } from "../../../sim/step.js";
import type { Trace } from "../../../sim/trace.js";
import { encode } from "../../../sim/value.js";
import { forkWorld, type World } from "../../../sim/world.js";
import { Namer } from "./all-runs.js";

/**
 * The plain oracle of runs made again without some events: each other step in its turn, on the message that the step of the
 * same turn sent, or not at all. Initial data cannot be left out.
 */
export class PlainReplay {
  private identities: readonly string[] = [];

  constructor(private readonly trace: Trace) {
    const identities: string[] = [];
    this.walk(
      () => false,
      (namer, world, _event, choice) => identities.push(namer.identityOf(world, choice)),
    );
    this.identities = identities;
  }

  private choice(event: number): Choice {
    return this.trace.choices[event] as Choice;
  }

  /** What reaches the place of a delivery without some events, as a text; undefined for nothing. */
  contentAt(event: number, isLeftOut: (event: number) => boolean): string | undefined {
    let content: string | undefined;
    this.walk(
      (one) => one > event || isLeftOut(one),
      (_namer, _world, at, choice) => {
        if (at === event && "message" in choice) content = encode(choice.message.message);
      },
    );
    return content;
  }

  private walk(
    isLeftOut: (event: number) => boolean,
    onStep: (namer: Namer, world: World, event: number, choice: Choice) => void,
  ): void {
    const { system, initialEvents, length } = this.trace;
    const namer = new TurnNamer(system);
    let world = initialWorld(system, namer);
    for (let event = initialEvents; event < length; event += 1) {
      const choice = isLeftOut(event) ? undefined : this.inPlace(namer, world, event);
      if (choice === undefined) continue;
      if (choice.kind === "invoke") world = ready(world, system.numberOf(choice.client) as number, choice.index);
      onStep(namer, world, event, choice);
      namer.turn = event;
      try {
        world = step(system, world, choice, namer);
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
      }
    }
  }

  /** What can be done in the place of a recorded step; undefined for nothing. */
  private inPlace(namer: Namer, world: World, event: number): Choice | undefined {
    const recorded = this.choice(event);
    const number = this.trace.participants.get(event);
    const slot = world.nodes[number];
    switch (recorded.kind) {
      case "fire":
        return slot?.timers.some(({ name }) => name === recorded.timer) === true ? recorded : undefined;
      case "choose": {
        const asked = slot?.pending.find(({ label }) => label === recorded.label);
        return asked?.options.some(({ text }) => text === encode(recorded.option)) === true ? recorded : undefined;
      }
      case "crash":
        return slot?.up === true ? recorded : undefined;
      case "recover":
        return slot?.up === false ? recorded : undefined;
      case "flush":
        return slot?.unflushed === undefined ? undefined : recorded;
      case "give-up": {
        const client = world.clients[number - world.nodes.length];
        return client?.open !== undefined && client.next - 1 === recorded.index ? recorded : undefined;
      }
      case "invoke":
      case "partition":
      case "heal":
        return recorded;
      default: {
        const wanted = this.identities[event - this.trace.initialEvents];
        if (wanted === undefined) return ownOf(world, recorded);
        const { sender, receiver } = recorded.message;
        return world.network
          .queue(sender, receiver)
          .map((message) => ({ kind: recorded.kind, message }))
          .find((choice) => undelayed(namer.identityOf(world, choice)) === undelayed(wanted));
      }
    }
  }
}

/** Names messages by the turn of the step that sent them. */
class TurnNamer extends Namer {
  turn = 0;

  override begin(...event: Parameters<Namer["begin"]>): Origin {
    const origin = super.begin(...event);
    return event[2] === undefined ? origin : { ...origin, context: [...origin.context.slice(0, -1), `#${this.turn}`] };
  }
}

/** The same choice with the world's own message, the first of equal ones. */
function ownOf(world: World, choice: Choice): Choice {
  if (!("message" in choice)) return choice;
  const { sender, receiver } = choice.message;
  const text = describeChoice(choice);
  const own = world.network
    .queue(sender, receiver)
    .map((message) => ({ kind: choice.kind, message }))
    .find((one) => describeChoice(one) === text);
  return own ?? choice;
}

function undelayed(identity: string): string {
  return identity.replaceAll(" delayed", "");
}

/** A client that asks its next operation, whatever it still waits for. */
function ready(world: World, client: number, next: number): World {
  const after = forkWorld(world);
  const number = client - world.nodes.length;
  const slot = after.clients[number];
  if (slot !== undefined) after.clients[number] = { ...slot, next, open: undefined, text: undefined };
  return after;
}
