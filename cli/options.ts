import { type Command, InvalidArgumentError, Option } from "commander";
import { type FaultBudget, faultKinds } from "../sim/fault.js";
import { nearest } from "../sim/nearest.js";
import type { OutputOptions } from "./output.js";

/** What a user may change about a scenario: `--param`, `--faults`. */
export interface SettingsOptions {
  readonly param: { readonly [name: string]: string };
  readonly faults?: FaultBudget;
}

/** The files that a command leaves: `--out`, `--trace`, `--junit`, `--sarif`. */
export interface FileOptions {
  readonly out?: string;
  readonly trace?: string;
  readonly junit?: string;
  readonly sarif?: string;
}

export type CheckingOptions = SettingsOptions & FileOptions & OutputOptions;

export function withOutputOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document on standard output, and prose on standard error")
    .option("--quiet", "print the verdict only")
    .option("--no-color", "do not colour");
}

export function withSettingsOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--param <name=value>", "set a parameter of the scenario (repeatable)")
        .argParser(collectParameter)
        .default({}, "those of the scenario"),
    )
    .option(
      "--faults <kind=count,...>",
      `give fault budgets, as in drop=1,crash=any (${faultKinds.join(" ")})`,
      parseFaults,
    );
}

export function withFileOptions(command: Command): Command {
  return command
    .option("--out <file>", "where to write the schedule (default: the scenario's name plus .schedule.json)")
    .option("--trace <file>", "write the events of the violating run as JSON lines")
    .option("--junit <file>", "write the properties as a JUnit report")
    .option("--sarif <file>", "write the violation as a SARIF report");
}

/** A whole number of at least `min`. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= min) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${min}.`);
  };
}

/** A duration in seconds: `90`, `90s`, `5m`, `2h`, `250ms`. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const seconds = Number(number) * { ms: 0.001, s: 1, m: 60, h: 3600 }[(unit ?? "s") as "s"];
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError("It takes a time, such as 90s, 5m or 2h.");
}

/** A size in bytes: `500MB`, `2GB`, `2GiB`. */
export function byteSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(k|m|g)?i?b?$/i.exec(text) ?? [];
  const factor = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[(unit ?? "").toLowerCase()];
  const bytes = Number(number) * (factor ?? Number.NaN);
  if (bytes >= 2 ** 20) return bytes;
  throw new InvalidArgumentError("It takes a size from 1MB, such as 500MB or 2GB.");
}

type GivenParameters = { readonly [name: string]: string };

function collectParameter(text: string, known: GivenParameters): GivenParameters {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It takes name=value, such as servers=3.");
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

function parseFaults(text: string): FaultBudget {
  const budget: { [kind: string]: number | "any" } = {};
  for (const part of text.split(",")) {
    const [kind = "", count = ""] = part.trim().split("=");
    if (!(faultKinds as readonly string[]).includes(kind)) {
      const hint = nearest(kind, faultKinds);
      throw new InvalidArgumentError(
        `There is no fault "${kind}"${hint === undefined ? "" : `; did you mean ${hint}?`} There are ${faultKinds.join(", ")}.`,
      );
    }
    if (count !== "any" && !/^\d+$/.test(count)) {
      throw new InvalidArgumentError(`The budget ${part} is no count: give ${kind} a whole number from 0, or any.`);
    }
    budget[kind] = count === "any" ? "any" : Number(count);
  }
  return budget;
}
