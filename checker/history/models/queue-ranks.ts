import { encode } from "../../../sim/value.js";
import type { Operation } from "../operation.js";

/** A value's way through the queue: who put it in, and who took it out. */
interface Passage {
  readonly enqueue: number;
  readonly dequeue: number | null;
  readonly into: readonly [invoked: number, returned: number];
  readonly outOf: readonly [invoked: number, returned: number];
}

/**
 * Ranks by which a search should try the operations of a queue: values in an order in which real time lets them go in
 * and out, as far as there is one. Without them a wrong order of two concurrent enqueues shows only when they come out
 * again, long after. O(n * concurrency) as a rule.
 */
export function queueRanks(operations: readonly Operation[]): readonly number[] {
  const ranks = operations.map(() => Infinity);
  let left = [...passagesOf(operations)].sort((a, b) => a.into[0] - b.into[0]);
  for (let rank = 0; left.length > 0; rank += 2) {
    const next = firstPossible(left);
    left = left.filter((passage) => passage !== next);
    ranks[next.enqueue] = rank;
    if (next.dequeue !== null) ranks[next.dequeue] = rank + 1;
  }
  return ranks;
}

/** Of those that no other must precede, on the way in or out, the first to come out. */
function firstPossible(left: readonly Passage[]): Passage {
  let firstIn = Infinity;
  let firstOut = Infinity;
  for (const { into } of left) {
    // Sorted by invocation: whatever comes later has returned later.
    if (into[0] > firstIn) break;
    firstIn = Math.min(firstIn, into[1]);
  }
  for (const { outOf } of left) firstOut = Math.min(firstOut, outOf[1]);
  let best: Passage | undefined;
  for (const passage of left) {
    if (passage.into[0] > firstIn) break;
    if (passage.outOf[0] > firstOut) continue;
    if (best === undefined || passage.outOf[1] < best.outOf[1]) best = passage;
  }
  return best ?? (left[0] as Passage);
}

function passagesOf(operations: readonly Operation[]): readonly Passage[] {
  const takers = new Map<string, number[]>();
  operations.forEach(({ f, outcome, output }, i) => {
    if (f !== "dequeue" || outcome !== "ok" || output === null) return;
    const name = encode(output);
    takers.set(name, [...(takers.get(name) ?? []), i]);
  });
  return operations.flatMap((operation, enqueue) => {
    if (operation.f !== "enqueue") return [];
    const dequeue = takers.get(encode(operation.value))?.shift() ?? null;
    const taker = dequeue === null ? undefined : operations[dequeue];
    const outOf = [taker?.invoked ?? Infinity, taker?.returned ?? Infinity] as const;
    return [{ enqueue, dequeue, into: [operation.invoked, operation.returned] as const, outOf }];
  });
}
