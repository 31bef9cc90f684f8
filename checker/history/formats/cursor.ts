import { type Place, UnusableHistory } from "../unusable-history.js";

/** Reads a text from left to right, and knows where it is. */
export class Cursor {
  position = 0;
  #lineStarts: readonly number[] | undefined;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly file?: string,
    /** Where the text stands in its file, when it is one line of it. */
    readonly firstLine = 1,
  ) {}

  peek(): string {
    return this.text.charAt(this.position);
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  next(): string {
    const character = this.peek();
    this.position += 1;
    return character;
  }

  /** Goes on while the characters match, and gives them. */
  takeWhile(pattern: RegExp): string {
    const start = this.position;
    while (!this.atEnd && pattern.test(this.peek())) this.position += 1;
    return this.text.slice(start, this.position);
  }

  /** Reads something that stands inside something else. @throws UnusableHistory when that goes too deep. */
  inside<T>(read: () => T): T {
    if (this.#depth === depthMax) {
      throw this.unusable(`values are nested more than ${depthMax} deep here`, "write flatter values");
    }
    this.#depth += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  /** Line and column of a position. O(log lines) after the first call. */
  place(position = this.position): Place {
    this.#lineStarts ??= lineStartsOf(this.text);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#lineStarts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    const column = position - (this.#lineStarts[low] ?? 0) + 1;
    return { ...(this.file === undefined ? {} : { file: this.file }), line: this.firstLine + low, column };
  }

  /** The error for what stands at a position. */
  unusable(found: string, remedy: string, position = this.position): UnusableHistory {
    return new UnusableHistory(found, remedy, this.place(position));
  }
}

/** Far deeper than any recording, and far from the end of the stack. */
const depthMax = 500;

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}
