import type { NodeId } from "./node-id.js";
import type { Value } from "./value.js";

/** The content of what nodes and clients say to each other: plain data, or a Record, with a `kind`. */
export interface Message {
  readonly kind: string;
}

/**
 * Names the request that a message answers or makes: content, never a number drawn by the kernel.
 *
 * For a client's request it is `{ client, index }`; a node names its own calls in `send(to, message, { call })`.
 */
export type Call = Value;

/** Who sent a message, and the call it belongs to. A value: it may be kept in a state and answered later. */
export interface Sender {
  readonly node: NodeId;
  readonly call?: Call;
}

/** A message with its sender and receiver. Equal envelopes in flight are interchangeable, so they need no number. */
export interface Envelope {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
  readonly call?: Call;
}
