import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as immutable from "immutable";
import { bundled } from "../scenarios/bundled.js";
import { holdTraps } from "../sim/guard.js";
import { nearest } from "../sim/nearest.js";
import { isScenario, type Scenario } from "../sim/scenario.js";
import { InputError } from "./input-error.js";
import { version } from "./package.js";
import { shownPath, userFrames } from "./place.js";
import { reasonOf } from "./write-file.js";

/** A scenario, and where it comes from. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The absolute path of its file; undefined for a bundled one. */
  readonly file: string | undefined;
  /** Changes when the scenario's file does: a hash of its text, or the tool's version for a bundled one. */
  readonly code: string;
}

const scenarioFile = /\.[cm]?[jt]s$/;

/**
 * Finds a scenario by its bundled name, or loads it from a file, without a build step.
 *
 * @param folder what a relative path is relative to.
 * @throws InputError when there is none, or the file does not load or does not export exactly one.
 */
export async function loadScenario(name: string, folder = process.cwd()): Promise<LoadedScenario> {
  if (scenarioFile.test(name)) return loadFile(path.resolve(folder, name));
  const found = bundled.find(({ scenario }) => scenario.name === name);
  if (found !== undefined) return { scenario: found.scenario, file: undefined, code: `hindcast ${version}` };
  const names = bundled.map(({ scenario }) => scenario.name);
  const hint = nearest(name, names);
  throw new InputError(
    `There is no bundled scenario "${name}"${hint === undefined ? "." : `; did you mean ${hint}?`} ` +
      `There are ${names.join(", ")}. A scenario of your own is given by its path, which ends in .ts.`,
  );
}

async function loadFile(file: string): Promise<LoadedScenario> {
  const shown = shownPath(file);
  const text = readScenarioFile(file, shown);
  const scenario = onlyScenario(await importFile(file, shown), shown);
  return { scenario, file, code: `sha256 ${createHash("sha256").update(text).digest("hex")}` };
}

function readScenarioFile(file: string, shown: string): string {
  try {
    if (statSync(file).isDirectory())
      throw new InputError(`The scenario file ${shown} is a folder. Give a file in it.`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `The scenario file ${shown} cannot be read: ${reasonOf(error)}. ` +
        "Check the path, or write a first scenario with `hindcast init`.",
    );
  }
}

/** Loads a file, with the traps installed, so that what it imports from `hindcast` and `immutable` is what this process itself uses. */
async function importFile(file: string, shown: string): Promise<{ readonly [name: string]: unknown }> {
  const { createJiti } = await import("jiti");
  const hindcast = await import("../index.js");
  const jiti = createJiti(import.meta.url, { virtualModules: { hindcast, immutable }, moduleCache: false });
  const release = holdTraps();
  try {
    return await jiti.import(file);
  } catch (error) {
    throw new InputError(loadProblem(error, shown));
  } finally {
    release();
  }
}

function loadProblem(error: unknown, shown: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const syntax = /^ParseError: (.*?)\s*\n\s*(\S+?)(:\d+:\d+)/s.exec(message);
  if (syntax !== null) {
    const [, problem = "", file = "", at = ""] = syntax;
    return `The scenario file ${shown} does not compile: ${problem.trim()} at ${shownPath(file)}${at}. Correct it there.`;
  }
  const missing = /^Cannot find module '([^']+)'/.exec(message);
  if (missing !== null) {
    const remedy = /^[./]/.test(missing[1] ?? "") ? "Check the path." : "Install it beside the scenario.";
    return `The scenario file ${shown} imports ${missing[1]}, which cannot be found. ${remedy}`;
  }
  const unknown = /_hindcast\.(\w+)\)? is not a (?:function|constructor)/.exec(message);
  const [frame] = userFrames(error);
  const place = frame === undefined ? "" : ` ${frame.replace(/^at .*\(|\)$/g, "").replace(/^(?!at )/, "at ")}`;
  if (unknown !== null) {
    return `The scenario file ${shown} imports ${unknown[1]} from hindcast, which exports nothing of this name${place}.`;
  }
  return `The scenario file ${shown} throws while it is loaded: ${message}${place}. Correct it there.`;
}

/** The one scenario of a module: its default export if that is one, else its only named one. */
function onlyScenario(module: { readonly [name: string]: unknown }, shown: string): Scenario {
  if (isScenario(module.default)) return module.default;
  const found = Object.entries(module).filter(([, value]) => isScenario(value)) as [string, Scenario][];
  const different = [...new Map(found.map(([name, scenario]) => [scenario, name]))];
  const [only, ...others] = different;
  if (only === undefined) {
    throw new InputError(
      `The scenario file ${shown} exports no scenario. Export one: export const mine = defineScenario({ ... }).`,
    );
  }
  if (others.length === 0) return only[0];
  throw new InputError(
    `The scenario file ${shown} exports ${different.length} scenarios: ${different.map(([, name]) => name).join(", ")}. ` +
      "Make the one that you mean its default export, or keep one in each file.",
  );
}
