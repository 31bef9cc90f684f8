import type { List } from "immutable";
import type { Operation } from "./choice.js";
import { guarded, type CodePlace } from "./guard.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import { dependsOnOrder, reordered } from "./reordered.js";
import { isCalledTwice } from "./sample.js";
import type { CompiledClient } from "./system.js";
import { encode, UnusableValue } from "./value.js";
import type { Result } from "./workload.js";
import type { ClientSlot } from "./world.js";

/** The operations of which a client may invoke one now: none while one is open or when its workload has ended. */
export function nextOperations(client: CompiledClient, slot: ClientSlot): readonly Operation[] {
  if (slot.open !== undefined) return [];
  const { workload } = client;
  switch (workload.kind) {
    case "list": {
      const operation = workload.operations[slot.next];
      return operation === undefined ? [] : [operation];
    }
    case "any":
      return slot.next < workload.budget ? workload.options : [];
    case "next": {
      const { results } = slot;
      if (results === undefined) return [];
      const operation = following(client, workload.next, results);
      return operation === null ? [] : [operation];
    }
  }
}

/**
 * A sample is asked twice and compared.
 *
 * @throws NodeFailure when the workload throws, leaks nondeterminism, gives neither an operation nor null, or differs when
 * asked again.
 */
function following({ id }: CompiledClient, next: Next, results: List<Result>): Operation | null {
  const place: CodePlace = { kind: "workload", owner: String(id), part: "next" };
  const operation = followingOnce(place, next, results);
  if (!isCalledTwice(next)) return operation;
  const [text, again] = [operation, followingOnce(place, next, results)].map((one) => operationText(place, one));
  if (text !== again) {
    throw new NodeFailure(
      place,
      `is not deterministic: called twice with the same results, it gives ${text} and then ${again}. ` +
        "Find the next operation from the results: results.size is how many there were.",
    );
  }
  const other = reordered(results) as List<Result>;
  if (other === results) return operation;
  const dependent = operationText(place, followingOnce(place, next, other));
  if (text === dependent) return operation;
  throw new NodeFailure(
    place,
    `${dependsOnOrder.is}, it gives ${text} and then ${dependent}. ${dependsOnOrder.remedy}`,
  );
}

type Next = (results: List<Result>) => Operation | null;

function followingOnce(place: CodePlace, next: Next, results: List<Result>): Operation | null {
  let operation: Operation | null;
  try {
    operation = guarded(place, () => next(results));
  } catch (error) {
    throw failureOf(place, error);
  }
  if (operation !== null && (typeof operation?.to !== "object" || typeof operation.message?.kind !== "string")) {
    throw new NodeFailure(place, "gives no operation; return operation(node, message), or null to end.");
  }
  return operation;
}

function operationText(place: CodePlace, operation: Operation | null): string {
  try {
    return operation === null ? "null" : `${encode(operation.message)} to ${encode(operation.to).slice(1)}`;
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    throw new NodeFailure(place, `asks what cannot be kept: ${error.message}`, error);
  }
}
