import v8 from "node:v8";
import vm from "node:vm";
import type { Limit } from "../checker/verdict.js";

export interface WatchLimits {
  /** In seconds. */
  readonly timeLimit?: number | undefined;
  /** Of resident memory, in bytes. */
  readonly memoryLimit?: number | undefined;
}

/** What differs from run to run, in the JSON of `check` and `run`. */
export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly baseBytes: number;
}

/** Watches the clock, the memory and Ctrl-C for work that is done in slices. */
export class Watch {
  private readonly started = performance.now();
  private readonly baseBytes = process.memoryUsage.rss();
  private isInterrupted = false;
  private readonly interrupt = (): void => {
    if (this.isInterrupted) process.exit(130);
    this.isInterrupted = true;
  };

  constructor(private readonly limits: WatchLimits) {
    process.on("SIGINT", this.interrupt);
    process.on("SIGTERM", this.interrupt);
  }

  /** Gives Ctrl-C its usual meaning back. */
  close(): void {
    process.off("SIGINT", this.interrupt);
    process.off("SIGTERM", this.interrupt);
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  get bytes(): number {
    return process.memoryUsage.rss();
  }

  /** The limit that has been reached by now, if any. */
  reached(): Limit | undefined {
    const { timeLimit, memoryLimit } = this.limits;
    if (this.isInterrupted) return "interrupted";
    if (timeLimit !== undefined && this.seconds >= timeLimit) return "time-limit";
    if (memoryLimit !== undefined && this.bytes >= memoryLimit) return "memory-limit";
    return isHeapFull() ? "memory-limit" : undefined;
  }

  measured(): Measured {
    const { user, system } = process.cpuUsage();
    return {
      seconds: round(this.seconds),
      cpuSeconds: round((user + system) / 1e6),
      peakBytes: process.resourceUsage().maxRSS * 1024,
      baseBytes: this.baseBytes,
    };
  }
}

/**
 * Whether what is alive nearly fills the heap that Node allows. Garbage is collected before the answer is yes, and what is
 * left free has to be a tenth: V8 ends the process without a word when it runs out.
 */
function isHeapFull(): boolean {
  if (heapUse() < 0.9) return false;
  v8.setFlagsFromString("--expose-gc");
  (vm.runInNewContext("gc") as () => void)();
  return heapUse() > 0.8;
}

function heapUse(): number {
  const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
  return used / limit;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
