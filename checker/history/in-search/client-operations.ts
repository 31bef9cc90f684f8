import type { Asked, ClientHistory } from "../../../sim/client-history.js";
import type { Message } from "../../../sim/message.js";
import type { NodeId } from "../../../sim/node-id.js";
import { encode } from "../../../sim/value.js";
import type { Request } from "../operation.js";
import type { AnySpecification } from "../specification.js";
import { UnusableHistory } from "../unusable-history.js";

/** How to read a scenario's messages as the operations of an object. */
export interface ClientOperations extends ClientHistory {
  readonly specification: AnySpecification;
}

/**
 * What a user gave as operations, once it is seen to be whole.
 *
 * @param what names it in the error, as in "its `history`".
 * @throws UnusableHistory when a part is missing.
 */
export function usableOperations(history: ClientHistory, what: string): ClientOperations {
  const { specification, asked, answer } = (history ?? {}) as Partial<ClientOperations>;
  if (typeof asked !== "function" || typeof answer !== "function") {
    throw new UnusableHistory(
      `${what} does not tell how requests and replies are to be read`,
      "give it { specification, asked(request), answer(reply, request) }",
    );
  }
  const isComplete =
    typeof specification === "object" &&
    typeof specification.name === "string" &&
    "initial" in specification &&
    typeof specification.apply === "function" &&
    typeof specification.refusal === "function";
  if (!isComplete) {
    throw new UnusableHistory(
      `the specification of ${what} lacks name, initial, apply or refusal`,
      'give one of Hindcast\'s, such as modelOf("register"), or one of your own with all of these',
    );
  }
  return history as ClientOperations;
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
