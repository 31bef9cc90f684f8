import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A verifier that SPIN has made and gcc compiled; `remove` deletes it. */
export interface Verifier {
  run(): SpinFigures;
  remove(): void;
}

export interface SpinFigures {
  readonly states: number;
  readonly transitions: number;
  /** User and system seconds of the verifier's process. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Why SPIN cannot be run here; undefined when it can. */
export function missingTool(): string | undefined {
  for (const [tool, argument, aptPackage] of [
    ["spin", "-V", "spin"],
    ["gcc", "--version", "gcc"],
  ] as const) {
    if (spawnSync(tool, [argument]).error !== undefined)
      return `${tool} is not installed (apt-get install ${aptPackage})`;
  }
  return undefined;
}

/**
 * Makes the verifier of a Promela model: depth-first, safety only, full states stored.
 *
 * @param model the path of the model
 * @param size its macro `N`
 * @param reduces with SPIN's own partial-order reduction
 * @param states how many states are expected: the verifier's hash table has at least as many slots
 */
export function makeVerifier(
  model: string,
  { size, states, reduces = false }: { readonly size: number; readonly states: number; readonly reduces?: boolean },
): Verifier {
  const folder = mkdtempSync(join(tmpdir(), "hindcast-spin-"));
  execFileSync("spin", ["-a", `-DN=${size}`, model], { cwd: folder });
  const options = ["-O2", "-DSAFETY", ...(reduces ? [] : ["-DNOREDUCE"]), "-DVECTORSZ=1024", "-DMEMLIM=16384"];
  execFileSync("gcc", [...options, "-o", "pan", "pan.c"], { cwd: folder, stdio: "ignore" });
  const slots = Math.ceil(Math.log2(states));
  return {
    run: () => parse(execFileSync("sh", ["-c", `./pan -m100000 -w${slots}; times`], { cwd: folder, encoding: "utf8" })),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** @throws when the verifier found an error, was cut short, or printed something else. */
function parse(output: string): SpinFigures {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined) throw new Error(`The verifier did not print ${pattern}:\n${output}`);
    return Number(found);
  };
  if (number(/errors: (\d+)/) !== 0 || /truncated|max search depth|out of memory|Search not completed/i.test(output)) {
    throw new Error(`The verifier did not come to its end:\n${output}`);
  }
  // The second line of `times` is of the shell's children: user, then system time.
  const times = /\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(output);
  if (times === null) throw new Error(`The shell did not print its times:\n${output}`);
  const [minutes = 0, seconds = 0, systemMinutes = 0, systemSeconds = 0] = times.slice(1).map(Number);
  return {
    states: number(/([\d.e+]+) states, stored/),
    transitions: number(/([\d.e+]+) transitions/),
    cpuSeconds: (minutes + systemMinutes) * 60 + seconds + systemSeconds,
    peakBytes: number(/([\d.]+)\s+total actual memory usage/) * 1024 * 1024,
  };
}
