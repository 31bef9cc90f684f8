import { closeSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Checkpoint, checkpointBytes, parseCheckpoint } from "../checker/search/checkpoint/checkpoint.js";
import { type Identity, requireSame } from "../checker/search/checkpoint/identity.js";
import { UnusableCheckpoint } from "../checker/search/checkpoint/unusable-checkpoint.js";
import type { Snapshot } from "../checker/search/engine/snapshot.js";
import type { Search } from "../checker/search/search.js";
import { grouped } from "../report/numbers.js";
import { InputError } from "./input-error.js";
import type { Output } from "./output.js";
import { shownPath } from "./place.js";
import { lateAfter, sliceSeconds } from "./slices.js";
import { reasonOf } from "./write-file.js";

/**
 * Keeps checkpoints of a search in a file: now and then while the search goes on, and in the end. Each is written beside the
 * one before, which it replaces once it is whole and on the disk: whatever happens, one whole checkpoint stays.
 */
export class CheckpointFile {
  private readonly partial: string;
  private writing: Promise<void> | undefined;
  private dueAt: number;
  private states: number | undefined;
  private readonly removePartial = (): void => rmSync(this.partial, { force: true });

  /**
   * @param every how many seconds lie between the end of one and the beginning of the next.
   * @throws InputError when there cannot be such a file.
   */
  constructor(
    private readonly file: string,
    private readonly identity: Identity,
    private readonly every: number,
    private readonly output: Output,
  ) {
    this.partial = path.join(path.dirname(path.resolve(file)), `.${path.basename(file)}.partial`);
    this.dueAt = performance.now() + every * 1000;
    try {
      closeSync(openSync(this.partial, "w"));
      this.removePartial();
    } catch (error) {
      throw new InputError(`The checkpoint ${file} cannot be written: ${reasonOf(error)}. Choose another place.`);
    }
    process.once("exit", this.removePartial);
  }

  /** The path of the last checkpoint, as people are shown it; null while there is none. */
  get written(): string | null {
    return this.states === undefined ? null : shownPath(path.resolve(this.file));
  }

  /** To be called between slices: begins to write when it is time; the search may go on meanwhile. */
  keep(search: Search): void {
    if (this.writing !== undefined || performance.now() < this.dueAt) return;
    if (search.prepareSnapshot?.(() => true) === false) return;
    const snapshot = search.snapshot?.();
    if (snapshot === undefined) return;
    this.writing = this.write(snapshot, "The search goes on.").finally(() => {
      this.writing = undefined;
      this.dueAt = performance.now() + this.every * 1000;
    });
  }

  /** Writes where the search stands, at its end. */
  async finish(search: Search): Promise<void> {
    await this.writing;
    while (search.prepareSnapshot?.(lateAfter(sliceSeconds)) === false) await setImmediate();
    const snapshot = search.snapshot?.();
    if (snapshot !== undefined) await this.write(snapshot, "Make room, or choose another place.");
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.writing;
    process.off("exit", this.removePartial);
  }

  private async write(snapshot: Snapshot, next: string): Promise<void> {
    try {
      await this.writeWhole({ identity: this.identity, snapshot });
      this.states = snapshot.point.size;
    } catch (error) {
      await rm(this.partial, { force: true });
      const earlier =
        this.states === undefined
          ? "There is none yet."
          : `The earlier one, of ${grouped(this.states)} states, is still there.`;
      this.output.warn(
        `The checkpoint ${this.file} could not be written at ${grouped(snapshot.point.size)} states: ${reasonOf(error)}. ` +
          `${earlier} ${next}`,
      );
    }
  }

  private async writeWhole(checkpoint: Checkpoint): Promise<void> {
    const file = await open(this.partial, "w");
    try {
      for (const bytes of checkpointBytes(checkpoint)) await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(this.partial, this.file);
    await syncFolder(path.dirname(this.partial));
  }
}

/** So that the new name is on the disk too. Not every system lets one. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch {
    // The file itself is on the disk.
  } finally {
    await handle?.close();
  }
}

/**
 * Reads where a search stood, of which this one must be the continuation.
 *
 * @throws InputError when it cannot be used: what it is, and what to do next.
 */
export function readCheckpoint(file: string, wanted: Identity): Snapshot {
  try {
    const { identity, snapshot } = parseCheckpoint(...wordsOf(file));
    requireSame(identity, wanted);
    return snapshot;
  } catch (error) {
    throw error instanceof UnusableCheckpoint ? unusable(file, error) : error;
  }
}

/** What to say of a checkpoint that cannot be used. */
export function unusable(file: string, error: UnusableCheckpoint): InputError {
  return new InputError(
    `The checkpoint ${file} cannot be used: ${error.message}. Without --resume the search begins anew.`,
  );
}

/** How much is read at once, in words. */
const pieceWords = 1 << 24;

function wordsOf(file: string): [words: Uint32Array, bytes: number] {
  let descriptor: number | undefined;
  try {
    const { size } = statSync(file);
    const words = new Uint32Array(Math.ceil(size / 4));
    descriptor = openSync(file, "r");
    for (let at = 0; at < words.length; at += pieceWords) {
      const piece = words.subarray(at, at + pieceWords);
      for (let read = 0, count = -1; count !== 0; read += count) {
        count = readSync(descriptor, piece, read, piece.byteLength - read, null);
      }
    }
    return [words, size];
  } catch (error) {
    throw new InputError(
      `The checkpoint ${file} cannot be read: ${reasonOf(error)}. Give a file that \`check --checkpoint\` wrote.`,
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
