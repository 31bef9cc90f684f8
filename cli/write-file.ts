import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { InputError } from "./input-error.js";

/**
 * Writes a whole file or nothing: to a temporary name beside it, which is then renamed.
 *
 * @throws InputError when it cannot be written.
 */
export function writeWholeFile(file: string, content: string | Uint8Array): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new InputError(`${file} cannot be written: ${reasonOf(error)}. Choose another place.`);
  }
}

/** Why the file system refused, in words. */
export function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file or folder";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "this is not permitted";
    case "EISDIR":
      return "it is a folder";
    case "ENOTDIR":
      return "a part of its path is no folder";
    case "ENOSPC":
      return "the disk is full";
    case "EFBIG":
      return "a file may not become so large";
    case "EDQUOT":
      return "the quota is used up";
    default:
      return (error as Error).message;
  }
}
