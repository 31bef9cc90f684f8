import path from "node:path";

/** A path as people are shown it: relative to the current folder, with forward slashes. */
export function shownPath(file: string): string {
  return path.relative(process.cwd(), file).split(path.sep).join("/") || ".";
}

/**
 * The lines of an error's stack that are the user's own code, with paths relative to the current folder: those of
 * neither Node, nor this tool, nor its dependencies.
 */
export function userFrames(error: unknown): readonly string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  return error.stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !isMachinery(line))
    .map((line) => line.trim().replace(/(?:file:\/\/)?(\/[^():]+)(:\d+:\d+)/, (_, file, at) => shownPath(file) + at))
    .filter((line, i, all) => all.indexOf(line) === i);
}

const ownFolder = path.resolve(import.meta.dirname, "..");
/** It stands outside of what is built, and calls all of it. */
const entry = path.join("cli", "bin.js:");

function isMachinery(line: string): boolean {
  if (/node:|node_modules\/|<anonymous>/.test(line)) return true;
  if (line.includes(entry)) return true;
  return ["sim", "checker", "cli", "report"].some((room) => line.includes(path.join(ownFolder, room) + path.sep));
}
