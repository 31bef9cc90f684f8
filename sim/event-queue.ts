/**
 * Entries by time, and at the same time in the order in which they were put in. A binary heap of slots over typed
 * columns: O(log n) for both operations, and no object per entry.
 */
export class EventQueue<T> {
  private heap = new Int32Array(256);
  private times = new Float64Array(256);
  private orders = new Float64Array(256);
  private readonly entries: (T | undefined)[] = [];
  private readonly free: number[] = [];
  private count = 0;
  private order = 0;
  /** The time of the entry that was taken last. */
  now = 0;

  get size(): number {
    return this.count;
  }

  push(time: number, entry: T): void {
    const slot = this.free.pop() ?? this.entries.length;
    if (slot === this.times.length) this.grow();
    this.entries[slot] = entry;
    this.times[slot] = time;
    this.orders[slot] = this.order;
    this.order += 1;
    this.rise(this.count, slot);
    this.count += 1;
  }

  /** Takes the earliest entry and moves `now` to its time; undefined when there is none. */
  pop(): T | undefined {
    if (this.count === 0) return undefined;
    const slot = this.heap[0] as number;
    this.count -= 1;
    if (this.count > 0) this.sink(this.heap[this.count] as number);
    const entry = this.entries[slot];
    this.entries[slot] = undefined;
    this.free.push(slot);
    this.now = this.times[slot] as number;
    return entry;
  }

  private rise(from: number, slot: number): void {
    const { heap } = this;
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const above = heap[parent] as number;
      if (!this.before(slot, above)) break;
      heap[position] = above;
      position = parent;
    }
    heap[position] = slot;
  }

  private sink(slot: number): void {
    const { heap, count } = this;
    let position = 0;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= count) break;
      if (child + 1 < count && this.before(heap[child + 1] as number, heap[child] as number)) child += 1;
      const below = heap[child] as number;
      if (!this.before(below, slot)) break;
      heap[position] = below;
      position = child;
    }
    heap[position] = slot;
  }

  private before(a: number, b: number): boolean {
    const timeA = this.times[a] as number;
    const timeB = this.times[b] as number;
    return timeA < timeB || (timeA === timeB && (this.orders[a] as number) < (this.orders[b] as number));
  }

  private grow(): void {
    const size = this.times.length * 2;
    const heap = new Int32Array(size);
    heap.set(this.heap);
    this.heap = heap;
    const times = new Float64Array(size);
    times.set(this.times);
    this.times = times;
    const orders = new Float64Array(size);
    orders.set(this.orders);
    this.orders = orders;
  }
}
