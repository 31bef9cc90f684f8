import type { Message } from "../../../sim/message.js";
import type { NodeId } from "../../../sim/node-id.js";
import type { Value } from "../../../sim/value.js";
import type { Request } from "../operation.js";
import type { AnySpecification } from "../specification.js";

/** What a specification needs to know of a request: its function, and key and argument where it has them. */
export interface Asked {
  readonly f: string;
  readonly key?: Value;
  readonly value?: Value;
}

/** How to read a scenario's messages as the operations of an object. */
export interface ClientOperations {
  readonly specification: AnySpecification;
  /** The operation that a request asks for; null for a request that is none of this object. */
  readonly asked: (request: Message) => Asked | null;
  /** What a reply answers, in the form that the specification gives. */
  readonly answer: (reply: Message, request: Message) => Value;
}

/** A client's request as the specification sees it; null where it is none of the object's. */
export function requestOf(operations: ClientOperations, client: NodeId, message: Message): Request | null {
  const asked = operations.asked(message);
  if (asked === null) return null;
  return { process: String(client), f: asked.f, key: asked.key ?? null, value: asked.value ?? null };
}
