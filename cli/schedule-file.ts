import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { faultKinds } from "../sim/fault.js";
import { nearest } from "../sim/nearest.js";
import { type Schedule, scheduleFormat } from "../sim/schedule.js";
import { InputError } from "./input-error.js";
import { packageFolder } from "./package.js";
import { shownPath } from "./place.js";
import { reasonOf, writeWholeFile } from "./write-file.js";

/** A schedule, and the folder that its scenario's path is relative to. */
export interface LoadedSchedule {
  readonly schedule: Schedule;
  /** As people name it: the bundled name, or the path relative to the current folder. */
  readonly shown: string;
  readonly folder: string;
}

/**
 * Reads a schedule from a file, or a bundled one by its name.
 *
 * @throws InputError when there is none, or it is not a whole schedule of this format.
 */
export async function readSchedule(name: string): Promise<LoadedSchedule> {
  const found = existsSync(name) ? undefined : bundledSchedules().find((bundled) => bundled.name === name);
  const file = found?.file ?? path.resolve(name);
  const shown = found?.name ?? shownPath(file);
  const schedule = await parseSchedule(textOf(file, shown, name), shown);
  return { schedule, shown, folder: path.dirname(file) };
}

/** Writes a schedule: keys in a fixed order, one choice a line. */
export function writeSchedule(file: string, schedule: Schedule): void {
  writeWholeFile(file, printSchedule(schedule));
}

export function printSchedule(schedule: Schedule): string {
  const { format, scenario, parameters, faults, property, step, origin, code, choices, loop } = schedule;
  const { strategy, seed } = origin;
  const ordered = {
    format,
    scenario,
    parameters,
    faults,
    property,
    step,
    origin: { strategy, seed },
    code,
    choices,
    ...(loop === undefined ? {} : { loop }),
  } satisfies Schedule;
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** The schedules that come with the tool, by names such as `zardozbook/paper`: the scenario's, and their own. */
export function bundledSchedules(): readonly { readonly name: string; readonly file: string }[] {
  const folder = path.join(packageFolder, "scenarios", "schedules");
  const files = readdirSync(folder).filter((file) => file.endsWith(scheduleEnding));
  return files.sort().map((file) => {
    const { scenario } = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Schedule;
    const own = file.slice(scenario.length + 1, -scheduleEnding.length);
    return { name: `${scenario}/${own}`, file: path.join(folder, file) };
  });
}

const scheduleEnding = ".schedule.json";

function textOf(file: string, shown: string, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const names = bundledSchedules().map((bundled) => bundled.name);
    const hint = nearest(name, names);
    throw new InputError(
      `The schedule ${shown} cannot be read: ${reasonOf(error)}${hint === undefined ? "." : `; did you mean ${hint}?`} ` +
        `Give a file that \`run\` or \`check\` wrote, or a bundled one: ${names.join(", ")}.`,
    );
  }
}

async function parseSchedule(text: string, shown: string): Promise<Schedule> {
  const data = parseJson(text, shown);
  const format = (data as { readonly format?: unknown } | null)?.format;
  if (typeof format === "number" && format !== scheduleFormat) {
    throw new InputError(
      `The schedule ${shown} has format ${format}, and this version reads format ${scheduleFormat}. ` +
        "Use the version that wrote it, or run the check again to record a new one.",
    );
  }
  const { z } = await import("zod");
  const count = z.union([z.int().min(0), z.literal("any")]);
  const schema = z.strictObject({
    format: z.literal(scheduleFormat),
    scenario: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    faults: z.partialRecord(z.enum(faultKinds), count),
    property: z.string().nullable(),
    step: z.int().min(0).nullable(),
    origin: z.strictObject({ strategy: z.string(), seed: z.int().nullable() }),
    code: z.string().nullable(),
    choices: z.array(z.string()),
    loop: z.int().min(0).optional(),
  });
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data as Schedule;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new InputError(
    `${shown} is no schedule${at}: ${issue?.message ?? "it has another shape"}. ` +
      "Give a file that `run` or `check` wrote.",
  );
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const isCut = text.trim() === "" || /end of JSON input|Unterminated|after (?:array element|property)/.test(message);
    throw new InputError(
      isCut && !text.trimEnd().endsWith("}")
        ? `The schedule ${shown} is truncated: it ends in the middle of its JSON, after ${text.length} characters. ` +
            "Run the check again to record a new one."
        : `The schedule ${shown} is not JSON: ${message}. Give a file that \`run\` or \`check\` wrote.`,
    );
  }
}
