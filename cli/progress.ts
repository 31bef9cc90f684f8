import { SingleBar } from "cli-progress";
import type { Output } from "./output.js";

/** Shows how far a long work has come, on standard error: one line redrawn on a terminal, now and then a line elsewhere. */
export class Progress {
  private bar: SingleBar | undefined;
  private readonly started = performance.now();

  /** @param total how much there is to do, for a bar and an estimate; 0 when nobody knows. */
  constructor(
    private readonly output: Output,
    private readonly total = 0,
  ) {}

  /** Shows a line, and with a total how much is done. Short works show nothing. */
  show(text: string, done = 0): void {
    if (this.output.isQuiet) return;
    if (this.bar === undefined) {
      if (performance.now() - this.started < secondsBefore() * 1000) return;
      this.bar = new SingleBar({
        stream: process.stderr,
        format: this.total > 0 ? "  {bar} {percentage} % · {text} · {eta_formatted} left" : "  {text}",
        barsize: 24,
        barCompleteChar: "█",
        barIncompleteChar: "░",
        hideCursor: true,
        clearOnComplete: true,
        noTTYOutput: true,
        notTTYSchedule: 5000,
        etaBuffer: 50,
      });
      this.bar.start(Math.max(this.total, 1), done, { text });
    }
    this.bar.update(done, { text });
  }

  /** Takes the line away again. */
  stop(): void {
    this.bar?.stop();
  }
}

/** Where lines stay, the first one waits longer. */
function secondsBefore(): number {
  return process.stderr.isTTY === true ? 0.3 : 3;
}
