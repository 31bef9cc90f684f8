import type { Message } from "./message.js";
import type { NodeId } from "./node-id.js";
import type { Value } from "./value.js";

/** What a monitor sees: the client-visible history, what nodes emit, and faults. */
export type Observation =
  | {
      readonly kind: "invoke";
      readonly client: NodeId;
      readonly index: number;
      readonly to: NodeId;
      readonly request: Message;
    }
  | {
      readonly kind: "return";
      readonly client: NodeId;
      readonly index: number;
      readonly from: NodeId;
      readonly request: Message;
      readonly reply: Message;
    }
  | { readonly kind: "give-up"; readonly client: NodeId; readonly index: number; readonly request: Message }
  | {
      readonly kind: "emit";
      readonly node: NodeId;
      readonly tracepoint: string;
      readonly fields: { readonly [name: string]: Value };
    }
  | {
      readonly kind: "drop" | "duplicate" | "delay" | "error";
      readonly from: NodeId;
      readonly to: NodeId;
      readonly message: Message;
    }
  | { readonly kind: "crash" | "recover"; readonly node: NodeId }
  | { readonly kind: "partition"; readonly name: string }
  | { readonly kind: "heal" };

/**
 * What properties need of the past: a pure fold over observations, part of the world's identity.
 *
 * Keep as little as the property needs: each distinct value keeps worlds apart that are otherwise equal.
 */
export interface Monitor<T = Value> {
  readonly name: string;
  readonly start: T;
  readonly on: (value: T, event: Observation) => T;
}

/** A monitor of any value, as a scenario holds it. */
export interface AnyMonitor {
  readonly name: string;
  readonly start: Value;
  readonly on: (value: never, event: Observation) => Value;
}

export function defineMonitor<T>(monitor: Monitor<T>): Monitor<T> {
  return monitor;
}
