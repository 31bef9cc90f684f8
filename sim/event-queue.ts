/**
 * Entries by time, and at the same time in the order in which they were put in: a list for each moment, and a binary heap
 * of the moments. O(log m) for the first entry of one of m moments, and O(1) for all others: of what is under way, much
 * falls due at the same moment.
 */
export class EventQueue<T> {
  private readonly moments = new Map<number, Moment<T>>();
  private readonly heap: Moment<T>[] = [];
  private count = 0;
  /** The time of the entry that was taken last. */
  now = 0;

  get size(): number {
    return this.count;
  }

  push(time: number, entry: T): void {
    this.count += 1;
    const moment = this.moments.get(time);
    if (moment === undefined) this.rise({ time, entries: [entry], taken: 0 });
    else moment.entries.push(entry);
  }

  /** Takes the earliest entry and moves `now` to its time; undefined when there is none. */
  pop(): T | undefined {
    const moment = this.heap[0];
    if (moment === undefined) return undefined;
    const entry = moment.entries[moment.taken];
    moment.taken += 1;
    this.count -= 1;
    this.now = moment.time;
    if (moment.taken === moment.entries.length) {
      this.moments.delete(moment.time);
      const last = this.heap.pop() as Moment<T>;
      if (last !== moment) this.sink(last);
    }
    return entry;
  }

  /** Puts a new moment into the heap, from its end upwards. */
  private rise(moment: Moment<T>): void {
    const { heap } = this;
    this.moments.set(moment.time, moment);
    let position = heap.length;
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = heap[above] as Moment<T>;
      if (parent.time < moment.time) break;
      heap[position] = parent;
      position = above;
    }
    heap[position] = moment;
  }

  /** Puts the moment that stood last into the place of the first, downwards. */
  private sink(moment: Moment<T>): void {
    const { heap } = this;
    let position = 0;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Moment<T>).time < (heap[child] as Moment<T>).time) child += 1;
      const below = heap[child] as Moment<T>;
      if (moment.time < below.time) break;
      heap[position] = below;
      position = child;
    }
    heap[position] = moment;
  }
}

/** What falls due at one time, in order, and how much of it has been taken. */
interface Moment<T> {
  readonly time: number;
  readonly entries: T[];
  taken: number;
}
