import type { Message } from "./message.js";
import type { Value } from "./value.js";

/** What a request asks of an object: a function, and key and argument where it has them. */
export interface Asked {
  readonly f: string;
  readonly key?: Value;
  readonly value?: Value;
}

/**
 * How to read what clients ask and are answered as the operations of one object, so that the history of a run can be
 * judged. The kernel only keeps it: it changes neither behaviour nor the world's identity.
 */
export interface ClientHistory {
  /** What the object does when one client uses it at a time: a `Specification` of `checker/history`. */
  readonly specification: { readonly name: string };
  /** The operation that a request asks for; null for a request that is none of this object. */
  readonly asked: (request: Message) => Asked | null;
  /**
   * What a reply answers, as a recording would have it or in the form that the specification gives; undefined for a reply that tells nothing (an error,
   * say), after which nobody knows whether the operation took effect.
   */
  readonly answer: (reply: Message, request: Message) => Value | undefined;
}
