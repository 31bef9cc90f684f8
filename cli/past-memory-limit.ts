import { type Command, Option } from "commander";
import { boundless, type BytesLeft } from "../checker/search/engine/room.js";
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

/** When so much of what the limit leaves is used, the states are given up for hashes: it takes some memory at first. */
const compactAt = 0.95;

/** A search that gives up its states for hashes when the memory runs short, if that was asked for. */
export class MemoryRelief {
  private isDone: boolean;

  /** @throws InputError when the search cannot. */
  constructor({ pastMemoryLimit, strategy, reduce }: PastMemoryLimitOptions & { strategy: string; reduce: string }) {
    this.isDone = pastMemoryLimit === "stop";
    const resumable: readonly string[] = resumableStrategies;
    if (this.isDone || (resumable.includes(strategy) && reduce === "none")) return;
    throw new InputError(
      `--past-memory-limit compact goes with --strategy ${resumable.join(" or ")} and without --reduce alone; leave one out.`,
    );
  }

  /** For tables that have to grow: those that are given up for hashes then need not make do with less. */
  bytesLeft(watch: Watch): BytesLeft {
    return (wanted) => (this.isDone ? watch.bytesLeft(wanted) : boundless(wanted));
  }

  /** The search to go on with: this one, or what it was compacted to. */
  relieve(search: Search, watch: Watch): Search {
    const room = Math.max(0, watch.memoryLimit - watch.baseBytes);
    const { bytesAhead = 0 } = search;
    const fits = (): boolean => watch.bytes + bytesAhead < watch.baseBytes + compactAt * room;
    if (this.isDone || fits()) return search;
    collectGarbage();
    if (fits()) return search;
    const compacted = search.compact?.(room);
    if (compacted === undefined) return search;
    this.isDone = true;
    return compacted;
  }
}
