import os from "node:os";
import v8 from "node:v8";
import vm from "node:vm";
import type { Limit } from "../checker/verdict.js";

export interface WatchLimits {
  /** In seconds. */
  readonly timeLimit?: number | undefined;
  /** Of resident memory, in bytes; nine tenths of what there is unless given. */
  readonly memoryLimit?: number | undefined;
}

/** The memory that this process may have, in bytes: the machine's, or its container's. */
const memoryThere = Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** What differs from run to run, in the JSON of `check` and `run`. */
export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly baseBytes: number;
}

/** How large the process may get, in bytes. */
export function memoryLimitOf({ memoryLimit = 0.9 * memoryThere }: Pick<WatchLimits, "memoryLimit">): number {
  return memoryLimit;
}

/** Watches the clock, the memory and Ctrl-C for work that is done in slices. */
export class Watch {
  private readonly started = performance.now();
  readonly baseBytes = process.memoryUsage.rss();
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

  /** How full the heap is that Node allows, from 0 to 1, what has just been made included. */
  get heapUse(): number {
    const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
    return used / limit;
  }

  get memoryLimit(): number {
    return memoryLimitOf(this.limits);
  }

  /** How many bytes more the process may take. What is not alive any more counts until it is collected: so it is if `wanted` are not left. */
  bytesLeft(wanted: number): number {
    if (this.bytes + wanted >= this.memoryLimit) collectGarbage();
    return Math.max(0, this.memoryLimit - this.bytes);
  }

  /** The limit that has been reached by now, or would be with so many bytes more, if any. */
  reached(bytesAhead = 0): Limit | undefined {
    const { timeLimit } = this.limits;
    if (this.isInterrupted) return "interrupted";
    if (timeLimit !== undefined && this.seconds >= timeLimit) return "time-limit";
    if (this.bytesLeft(bytesAhead) <= bytesAhead) return "memory-limit";
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
 * Whether what is alive nearly fills the heap that Node allows. Garbage is collected before the answer is yes. V8 ends the
 * process without a word once collecting leaves four fifths in use and takes most of the time, so this stops before that.
 */
function isHeapFull(): boolean {
  if (heapUse() < 0.8) return false;
  collectGarbage();
  return heapUse() > 0.75;
}

/** Collects what is not alive, now: other threads give back what the first time has found, and the second time waits for them. */
export function collectGarbage(): void {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  collect();
  collect();
}

/** How full the old generation is: the part of the heap where running out is fatal. */
function heapUse(): number {
  const { heap_size_limit: limit } = v8.getHeapStatistics();
  let used = 0;
  for (const space of v8.getHeapSpaceStatistics()) {
    if (!space.space_name.startsWith("new_")) used += space.space_used_size;
  }
  return used / Math.max(limit - youngGeneration, limit / 4);
}

/** V8 counts three semi-spaces of 16 MB, its default on 64-bit machines, into the heap's limit. */
const youngGeneration = 3 * 16 * 2 ** 20;

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
