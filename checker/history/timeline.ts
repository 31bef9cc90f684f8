import type { Operation } from "./operation.js";

/**
 * The real-time order of a history, cut into layers: one for each return, in order of time.
 *
 * In a layer, those operations are pending that were invoked before its return and have not returned before. Operations
 * of unknown outcome stay pending for ever, so they are kept apart.
 */
export interface Timeline {
  /** The operation that returns at the end of each layer. */
  readonly returning: Int32Array;
  /** Pending operations of layer i: `pending[pendingStart[i]]` to `pending[pendingStart[i + 1] - 1]`, by return. */
  readonly pending: Int32Array;
  readonly pendingStart: Int32Array;
  /**
   * A number for each completed operation, below `slots`, that no other operation has while it is pending; for one of
   * unknown outcome, -1 less its position in `crashed`.
   */
  readonly slotOf: Int32Array;
  readonly slots: number;
  /** Operations of unknown outcome, by invocation. */
  readonly crashed: readonly number[];
  /** How many of them are invoked before the end of each layer. */
  readonly crashedBefore: Int32Array;
}

/** Cuts the history into layers. O(n log n + sum of the numbers of pending operations). */
export function timelineOf(operations: readonly Operation[]): Timeline {
  const numbers = operations.map((_, i) => i);
  const at = (i: number): Operation => operations[i] as Operation;
  const crashed = numbers.filter((i) => at(i).returned === Infinity).sort((a, b) => at(a).invoked - at(b).invoked);
  const completed = numbers.filter((i) => at(i).returned !== Infinity);
  const byReturn = [...completed].sort((a, b) => at(a).returned - at(b).returned);
  const byInvocation = completed.sort((a, b) => at(a).invoked - at(b).invoked);
  const pending: number[] = [];
  const pendingStart = new Int32Array(byReturn.length + 1);
  const crashedBefore = new Int32Array(byReturn.length);
  const slots = new SlotAllocator(operations.length);
  crashed.forEach((operation, i) => {
    slots.slotOf[operation] = -1 - i;
  });
  let open: number[] = [];
  let invoked = 0;
  let crashes = 0;
  byReturn.forEach((returning, layer) => {
    const end = at(returning).returned;
    for (let i = byInvocation[invoked]; i !== undefined && at(i).invoked < end; i = byInvocation[invoked]) {
      insertByReturn(open, i, at);
      slots.take(i);
      invoked += 1;
    }
    for (let i = crashed[crashes]; i !== undefined && at(i).invoked < end; i = crashed[crashes]) crashes += 1;
    crashedBefore[layer] = crashes;
    for (const i of open) pending.push(i);
    pendingStart[layer + 1] = pending.length;
    slots.free(returning);
    open = open.filter((i) => i !== returning);
  });
  return {
    returning: Int32Array.from(byReturn),
    pending: Int32Array.from(pending),
    pendingStart,
    slotOf: slots.slotOf,
    slots: slots.count,
    crashed,
    crashedBefore,
  };
}

function insertByReturn(open: number[], operation: number, at: (i: number) => Operation): void {
  let place = open.length;
  while (place > 0 && at(open[place - 1] as number).returned > at(operation).returned) place -= 1;
  open.splice(place, 0, operation);
}

/** Gives each pending operation the lowest slot that is free. */
class SlotAllocator {
  readonly slotOf: Int32Array;
  count = 0;
  readonly #free: number[] = [];

  constructor(operations: number) {
    this.slotOf = new Int32Array(operations);
  }

  take(operation: number): void {
    const slot = this.#free.pop() ?? this.count;
    if (slot === this.count) this.count += 1;
    this.slotOf[operation] = slot;
  }

  free(operation: number): void {
    this.#free.push(this.slotOf[operation] ?? 0);
  }
}
