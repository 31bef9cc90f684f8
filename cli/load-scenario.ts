import { accessSync, constants, existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as immutable from "immutable";
import type { Jiti } from "jiti";
import { holdTraps } from "../sim/guard.js";
import { nearest } from "../sim/nearest.js";
import { isScenario, type Scenario } from "../sim/scenario.js";
import { codeHash } from "./code-hash.js";
import { compiledFolder } from "./compiled-folder.js";
import { InputError } from "./input-error.js";
import { version } from "./package.js";
import { shownPath, userFrames } from "./place.js";
import { bundledSchedules } from "./schedule-file.js";
import { reasonOf } from "./write-file.js";

/** A scenario, and where it comes from. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The absolute path of its file; undefined for a bundled one. */
  readonly file: string | undefined;
  /** Changes when the scenario's file does, or one that it imports (`codeHash`); the tool's version for a bundled one. */
  readonly code: string;
}

/** Whether a name is that of a bundled scenario, or the path of a file with one. */
export async function namesScenario(name: string): Promise<boolean> {
  return scenarioFile.test(name) || (await bundledScenarios()).some((scenario) => scenario.name === name);
}

/** Loaded when they are asked for: whoever has a scenario of his own needs none of them. */
async function bundledScenarios(): Promise<readonly Scenario[]> {
  return (await import("../scenarios/bundled.js")).bundled.map(({ scenario }) => scenario);
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
  const bundled = await bundledScenarios();
  const found = bundled.find((scenario) => scenario.name === name);
  if (found !== undefined) return { scenario: found, file: undefined, code: `hindcast ${version}` };
  if (name.endsWith(".json") || bundledSchedules().some((schedule) => schedule.name === name)) {
    throw new InputError(
      `${name} is a schedule, which \`hindcast replay ${name}\` follows; a scenario is a bundled name, or a path that ends in .ts.`,
    );
  }
  const names = bundled.map((scenario) => scenario.name);
  const file = existsSync(path.resolve(folder, `${name}.ts`)) ? `./${name}.ts` : undefined;
  const hint = file ?? nearest(name, names);
  throw new InputError(
    `There is no bundled scenario "${name}"${hint === undefined ? "." : `; did you mean ${hint}?`} ` +
      `There are ${names.join(", ")}. A scenario of your own is given by its path, which ends in .ts.`,
  );
}

async function loadFile(file: string): Promise<LoadedScenario> {
  const shown = shownPath(file);
  requireReadable(file, shown);
  const { module, code } = await importFile(file, shown);
  return { scenario: onlyScenario(module, shown), file, code };
}

function requireReadable(file: string, shown: string): void {
  try {
    if (statSync(file).isDirectory())
      throw new InputError(`The scenario file ${shown} is a folder. Give a file in it.`);
    accessSync(file, constants.R_OK);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `The scenario file ${shown} cannot be read: ${reasonOf(error)}. ` +
        "Check the path, or write a first scenario with `hindcast init`.",
    );
  }
}

/** Loads a file, with the traps installed, so that what it imports from `hindcast` and `immutable` is what this process itself uses. */
async function importFile(file: string, shown: string): Promise<{ readonly module: Module; readonly code: string }> {
  const { createJiti } = await import("jiti");
  const hindcast = await import("../index.js");
  const jiti = createJiti(import.meta.url, {
    virtualModules: { hindcast, immutable },
    moduleCache: false,
    fsCache: compiledFolder() ?? false,
  });
  const release = holdTraps();
  try {
    const module: Module = await jiti.import(file);
    return { module, code: codeHash(file, (specifier, from) => resolved(jiti, specifier, from)) };
  } catch (error) {
    throw new InputError(loadProblem(error, shown));
  } finally {
    release();
  }
}

/** What a module exports. */
type Module = { readonly [name: string]: unknown };

/** The file that another one imports by this path. */
function resolved(jiti: Jiti, specifier: string, from: string): string | undefined {
  const url = jiti.esmResolve(specifier, { parentURL: pathToFileURL(from).href, try: true });
  if (url === undefined || !url.startsWith("file:")) return undefined;
  const file = fileURLToPath(url);
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
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
function onlyScenario(module: Module, shown: string): Scenario {
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
