import type { Command } from "commander";
import type { Identity } from "../checker/search/checkpoint/identity.js";
import { UnusableCheckpoint } from "../checker/search/checkpoint/unusable-checkpoint.js";
import type { Snapshot } from "../checker/search/engine/snapshot.js";
import type { Search } from "../checker/search/search.js";
import { resumableStrategies } from "../checker/search/start.js";
import type { Verdict } from "../checker/verdict.js";
import { grouped } from "../report/numbers.js";
import type { System } from "../sim/system.js";
import { CheckpointFile, readCheckpoint, unusable } from "./checkpoint-file.js";
import { InputError } from "./input-error.js";
import type { LoadedScenario } from "./load-scenario.js";
import { duration } from "./options.js";
import type { Output } from "./output.js";
import { version } from "./package.js";

/** Where a search leaves checkpoints, and from which it goes on: `--checkpoint`, `--checkpoint-every`, `--resume`. */
export interface CheckpointOptions {
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  readonly resume?: string;
}

export function withCheckpointOptions(command: Command): Command {
  return command
    .option("--checkpoint <file>", "keep in this file where the search stands: now and then, at limits, on Ctrl-C")
    .option("--checkpoint-every <time>", "how often (default: 1m)", duration)
    .option("--resume <file>", "go on from a checkpoint of the same search");
}

/** The checkpoints of one search. */
export class Checkpoints {
  /** Where the search goes on. */
  readonly from: Snapshot | undefined;
  private readonly file: CheckpointFile | undefined;

  /** @throws InputError when the strategy has no checkpoints, or a file cannot be used. */
  constructor(
    private readonly options: CheckpointOptions & { readonly strategy: string; readonly reduce: string },
    loaded: LoadedScenario,
    system: System,
    private readonly output: Output,
  ) {
    const { checkpoint, checkpointEvery = 60, resume, strategy, reduce } = options;
    if (checkpoint !== undefined || resume !== undefined) requireResumable(strategy, reduce);
    const { scenario, parameters, faults } = system;
    const identity: Identity = { scenario, parameters, faults, strategy, code: loaded.code, version };
    this.from = resume === undefined ? undefined : readCheckpoint(resume, identity);
    this.file =
      checkpoint === undefined ? undefined : new CheckpointFile(checkpoint, identity, checkpointEvery, output);
    if (this.from === undefined) return;
    output.say(output.paint.dim(`  resuming at ${grouped(this.from.point.size)} states`));
  }

  /** The path of the last checkpoint that was written; null without one. */
  get written(): string | null {
    return this.file?.written ?? null;
  }

  /** Runs a slice of a search, and begins to write a checkpoint after it when it is time. */
  around<T>(search: Search, slice: () => T): T {
    try {
      return slice();
    } catch (error) {
      const { resume } = this.options;
      throw error instanceof UnusableCheckpoint && resume !== undefined ? unusable(resume, error) : error;
    } finally {
      this.file?.keep(search);
    }
  }

  /** Keeps where a search stands that has not been decided. */
  async finish(search: Search, verdict: Verdict): Promise<void> {
    if (verdict.kind === "unknown") await this.file?.finish(search);
    await this.file?.close();
  }

  /** Says how to go on. */
  tell(): void {
    if (this.written === null) return;
    this.output.say(
      `  ${this.output.paint.dim("checkpoint:")} ${this.written}; --resume ${this.written} goes on from there`,
    );
  }
}

function requireResumable(strategy: string, reduce: string): void {
  if (reduce !== "none") {
    throw new InputError(
      "--checkpoint and --resume do not work with --reduce: a checkpoint tells how states came about one from the other, and " +
        "reduced states stand for others. Leave one of them out.",
    );
  }
  const resumable: readonly string[] = resumableStrategies;
  if (resumable.includes(strategy)) return;
  throw new InputError(
    `--checkpoint and --resume do not work with --strategy ${strategy}: the order of its search hangs on more than the ` +
      `states, which is not kept. Use --strategy ${resumable.join(" or ")}.`,
  );
}
