import type { EdgeKind } from "./edge.js";
import type { Origin } from "./origin.js";
import type { Choice, ChoiceKind } from "./choice.js";
import type { InFlight } from "./network.js";
import type { Reaction } from "./node.js";
import type { Value } from "./value.js";
import type { PendingChoice, Timer } from "./world.js";

/** What an event is: the choice that made it, or `start`, `initial`, or `lost` for a delivery to a node that is down. */
export type EventKind = ChoiceKind | "start" | "initial" | "lost";

/** The edges that lead to an event: its cause, the previous event of the same participant, and storage that it reads. */
export interface Causes {
  readonly via: EdgeKind;
  readonly cause: Origin | undefined;
  readonly previous: Origin | undefined;
  readonly stored: Origin | undefined;
}

/**
 * Sees what happens within a step: the trace, the baggage and the timed strategy listen through this.
 * A step without an observer makes no origins and moves no contexts.
 */
export interface StepObserver {
  /** An event begins. Gives the origin of all that it brings about. */
  begin(kind: EventKind, participant: number, choice: Choice | undefined, causes: Causes): Origin;
  /** A handler emits. Gives the origin of what the same reaction brings about afterwards. */
  emitted(origin: Origin, tracepoint: string, fields: { readonly [name: string]: Value }): Origin;
  /** The handler of the event has reacted. */
  reacted?(participant: number, reaction: Reaction<unknown>): void;
  sent?(item: InFlight): void;
  timerSet?(node: number, timer: Timer): void;
  asked?(node: number, choice: PendingChoice): void;
  savedLater?(node: number): void;
  /** A client may go on: it has got its answer, or has given up. */
  closed?(client: number): void;
}

export const noCauses: Causes = { via: "program", cause: undefined, previous: undefined, stored: undefined };
