import { type Command, Option } from "commander";
import type { Search } from "../checker/search/search.js";
import { resumableStrategies } from "../checker/search/start.js";
import { InputError } from "./input-error.js";
import { collectGarbage, type Watch } from "./watch.js";

/** What a search does when its memory runs short: `--past-memory-limit`. */
export interface PastMemoryLimitOptions {
  readonly pastMemoryLimit: "stop" | "compact";
}

export function withPastMemoryLimitOption(command: Command): Command {
  return command.addOption(
    new Option("--past-memory-limit <what>", "when the memory runs short: stop, or go on with hashes of states alone")
      .choices(["stop", "compact"])
      .default("stop"),
  );
}

/**
 * When this share of the memory that the limit leaves is used, the states are given up for hashes: both have to be there for a
 * moment.
 */
const compactAt = 0.6;

/** The table of hashes gets this share; the rest is for the states to be expanded. */
const tableShare = 0.5;

/** What a state takes at most in an exact search, about. */
const bytesPerState = 64;

/** A search that gives up its states for hashes when the memory runs short, if that was asked for. */
export class MemoryRelief {
  private isDone: boolean;
  /** Whether the states take so much that the table of hashes would be smaller. */
  private isWorthwhile = false;

  /** @throws InputError when the search cannot. */
  constructor({ pastMemoryLimit, strategy, reduce }: PastMemoryLimitOptions & { strategy: string; reduce: string }) {
    this.isDone = pastMemoryLimit === "stop";
    const resumable: readonly string[] = resumableStrategies;
    if (this.isDone || (resumable.includes(strategy) && reduce === "none")) return;
    throw new InputError(
      `--past-memory-limit compact goes with --strategy ${resumable.join(" or ")} and without --reduce alone; leave one out.`,
    );
  }

  /** How many bytes the search will take at once when it goes on; 0 if it will be compacted rather. */
  bytesAhead({ bytesAhead = 0 }: Search): number {
    return this.isDone || !this.isWorthwhile ? bytesAhead : 0;
  }

  /** The search to go on with, which has found so many states: this one, or what it was compacted to. */
  relieve(search: Search, watch: Watch, states: number): Search {
    const room = Math.max(0, watch.memoryLimit - watch.baseBytes);
    const { bytesAhead = 0 } = search;
    const fits = (): boolean => watch.bytes + bytesAhead < watch.baseBytes + compactAt * room;
    this.isWorthwhile = states * bytesPerState > tableShare * room;
    if (this.isDone || !this.isWorthwhile || fits()) return search;
    collectGarbage();
    if (fits()) return search;
    const compacted = search.compact?.(tableShare * room);
    if (compacted === undefined) return search;
    this.isDone = true;
    return compacted;
  }
}
