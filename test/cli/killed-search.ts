import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Folder } from "./command-line.js";

const bin = path.resolve(import.meta.dirname, "../../cli/bin.js");

/** A search that was killed a few times and went on from its last checkpoint each time. */
export interface Killed {
  readonly kills: number;
  /** The document of the last process; what differs from run to run is null. */
  readonly document: { readonly [field: string]: unknown };
}

/**
 * Checks a scenario in as many processes as it takes: each writes checkpoints, the next goes on from the last one, and each
 * but the last is killed without notice (SIGKILL), at a moment drawn by `draw` (from 0 to 1) after it has written one.
 */
export async function killedSearch(
  folder: Folder,
  args: readonly string[],
  kills: number,
  draw: () => number,
): Promise<Killed> {
  const file = path.join(folder.path, "killed.ckpt");
  let done = 0;
  for (;;) {
    const resume = existsSync(file) ? ["--resume", file] : [];
    const before = existsSync(file) ? statSync(file).ino : undefined;
    const all = ["check", ...args, "--json", "--checkpoint", file, "--checkpoint-every", "20ms", ...resume];
    const child = spawn(process.execPath, [bin, ...all], { cwd: folder.path, stdio: ["ignore", "pipe", "ignore"] });
    const ended = outputOf(child);
    if (done < kills) {
      const isNew = () => existsSync(file) && statSync(file).ino !== before;
      while (child.exitCode === null && !isNew()) await sleep(5);
      await sleep(draw() * 300);
      if (child.kill("SIGKILL")) done += 1;
    }
    const text = await ended;
    if (text === "") continue;
    const document = JSON.parse(text) as { readonly [field: string]: unknown };
    return { kills: done, document: { ...document, measured: null, checkpoint: null } };
  }
}

/** What a process prints in all; nothing when it was killed. */
function outputOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.on("close", () => resolve(text));
  });
}
