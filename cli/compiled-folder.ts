import { lstatSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * The folder that keeps compiled scenario files: compiling takes most of the time in which a small scenario is checked. What
 * stands there is executed, so it is this user's alone; undefined where such a folder cannot be had.
 */
export function compiledFolder(temporary = os.tmpdir()): string | undefined {
  const user = process.getuid?.();
  const folder = path.join(temporary, `hindcast-${user ?? "compiled"}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    // Where users have no numbers, each has a folder for temporary files of its own.
    const isOwn = user === undefined || (found.uid === user && (found.mode & 0o022) === 0);
    return found.isDirectory() && isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}
