import type { InternLog } from "./intern-log.js";

/** Numbers values by their canonical texts, in order of first sight. */
export class Interner<T> {
  private readonly ids = new Map<string, number>();
  readonly values: T[] = [];

  /** @param log is told of each new text. */
  constructor(private readonly log: InternLog) {}

  get size(): number {
    return this.values.length;
  }

  /** The number of the value of this text; the value stands for all of that text. */
  idOf(text: string, value: T): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.values.length;
    this.log.seeText(text);
    this.ids.set(text, id);
    this.values.push(value);
    return id;
  }
}
