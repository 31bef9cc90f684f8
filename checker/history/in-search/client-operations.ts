import type { Asked, ClientHistory } from "../../../sim/client-history.js";
import type { Message } from "../../../sim/message.js";
import type { NodeId } from "../../../sim/node-id.js";
import { encode } from "../../../sim/value.js";
import type { Request } from "../operation.js";
import type { AnySpecification } from "../specification.js";

/** How to read a scenario's messages as the operations of an object. */
export interface ClientOperations extends ClientHistory {
  readonly specification: AnySpecification;
}

/**
 * A client's request as the specification sees it; null where it is none of the object's.
 *
 * @throws for what `asked` gives if it is no operation, or none that the specification knows.
 */
export function requestOf(operations: ClientOperations, client: NodeId, message: Message): Request | null {
  const asked: Asked | null | undefined = operations.asked(message);
  if (asked === null || asked === undefined) return null;
  if (typeof asked !== "object" || typeof asked.f !== "string") {
    throw new Error(
      `\`asked\` reads the request ${encode(message)} of ${String(client)} as no operation: ` +
        "return { f, key, value }, with a function's name as f, or null for a request that is none of the object's",
    );
  }
  const request = { process: String(client), f: asked.f, key: asked.key ?? null, value: asked.value ?? null };
  const refusal = operations.specification.refusal(request);
  if (refusal !== null) {
    throw new Error(
      `\`asked\` reads the request ${encode(message)} of ${String(client)} as ${describeRequest(request)}, but ${refusal}`,
    );
  }
  return request;
}

/** A request in words. */
export function describeRequest({ f, key, value }: Request): string {
  const given = [key, value].filter((part) => part !== null).map((part) => encode(part));
  return `${f}(${given.join(", ")})`;
}
