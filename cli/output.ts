import { createColors } from "picocolors";
import type { Paint } from "../report/paint.js";

/** How a command speaks: `--json`, `--quiet`, `--no-color`. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False for `--no-color`. */
  readonly color?: boolean;
}

/**
 * Where a command speaks. Prose goes to standard output; with `--json`, one document does and nothing else, and prose
 * goes to standard error.
 */
export class Output {
  readonly paint: Paint;
  readonly isJson: boolean;
  readonly isQuiet: boolean;

  constructor(options: OutputOptions) {
    this.isJson = options.json === true;
    this.isQuiet = options.quiet === true;
    const stream = this.isJson ? process.stderr : process.stdout;
    this.paint = createColors(options.color !== false && isColourful(stream));
  }

  /** The verdict: the one thing that `--quiet` leaves. */
  verdict(text: string): void {
    this.write(text);
  }

  /** All other prose. */
  say(text = ""): void {
    if (!this.isQuiet) this.write(text);
  }

  /** What went wrong or is worth knowing beside the result; never on standard output. */
  warn(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** The one JSON document of `--json`; without it, nothing. */
  document(value: unknown): void {
    if (this.isJson) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  private write(text: string): void {
    (this.isJson ? process.stderr : process.stdout).write(`${text}\n`);
  }
}

/** By the conventions of no-color.org and force-color.org. */
function isColourful(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}
