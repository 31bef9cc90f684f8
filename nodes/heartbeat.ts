import { Record } from "immutable";
import { type Effect, send, setTimer } from "../sim/effect.js";
import { become, type Context, defineNode, type NodeDefinition } from "../sim/node.js";
import type { NodeId } from "../sim/node-id.js";
import { type Budget, isSpent, requireBudget, spend } from "./budget.js";

/** A sign of life, with the sender's load in whatever unit the scenario compares. */
export interface Heartbeat {
  readonly kind: "heartbeat";
  readonly load: number;
}

/** The timer that the helpers below set: a node that uses them gives `onTimer[heartbeatTimer]` a handler. */
export const heartbeatTimer = "heartbeat";

/** Arms the timer for the first beat, `delay` ticks ahead; nothing when the budget is spent. */
export function startBeating(delay: number, left: Budget): readonly Effect[] {
  return isSpent(left) ? [] : [setTimer(heartbeatTimer, delay)];
}

/** What one beat leaves of the budget, and its effects: a heartbeat to each receiver, then the timer again. */
export function beat(
  left: Budget,
  { delay, load, to }: { readonly delay: number; readonly load: number; readonly to: readonly NodeId[] },
): { readonly left: Budget; readonly effects: readonly Effect[] } {
  const after = spend(left);
  const beats = to.map((node) => send<Heartbeat>(node, { kind: "heartbeat", load }));
  return { left: after, effects: [...beats, ...startBeating(delay, after)] };
}

/** Tells a heartbeat sender its load from now on. */
export interface LoadChange {
  readonly kind: "load";
  readonly load: number;
}

/** `beats` is what is left of the budget. */
export class HeartbeatState extends Record({ beats: 0 as Budget, load: 0 }) {}

/** Where, how often and how many times to send. */
export interface HeartbeatOptions {
  readonly role?: string;
  readonly to: (context: Context) => readonly NodeId[];
  /** Ticks from one beat to the next, at least 1. */
  readonly delay: number;
  readonly beats: Budget;
  /** The load before any is told. */
  readonly load?: number;
}

/**
 * A node that does nothing but send heartbeats with the load that it was told last.
 *
 * @throws RangeError for a budget that is negative or not whole.
 */
export function heartbeatSender(options: HeartbeatOptions): NodeDefinition<HeartbeatState, LoadChange> {
  const { role = "heartbeat", to, delay, load = 0 } = options;
  const beats = requireBudget("beats", options.beats);
  return defineNode<HeartbeatState, LoadChange>({
    role,
    start: () => become(new HeartbeatState({ beats, load }), ...startBeating(delay, beats)),
    onMessage: { load: (state, message) => become(state.set("load", message.load)) },
    onTimer: {
      [heartbeatTimer]: (state, context) => {
        const { left, effects } = beat(state.beats, { delay, load: state.load, to: to(context) });
        return become(state.set("beats", left), ...effects);
      },
    },
  });
}
