import { Command, Option } from "commander";
import { type FormatName, formatNames } from "../../checker/history/formats/write-history.js";
import { clientsHistoryJson } from "../../report/clients-history.js";
import { traceLines } from "../../report/event-json.js";
import { counted } from "../../report/numbers.js";
import type { World } from "../../sim/world.js";
import { judgeClients, tellClients, writeClients } from "../clients-history.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { failureText, tellFailure } from "../failure.js";
import { followSchedule } from "../follow-schedule.js";
import { systemName, violatedLine } from "../headline.js";
import { InputError } from "../input-error.js";
import { loadSchedule, type ScheduledSystem } from "../load-schedule.js";
import { wholeNumber, withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import { reExecute, type ReExecuted } from "../re-execute.js";
import { Snapshots, stepThrough } from "../step-through.js";
import { tellStory } from "../story.js";
import { writeWholeFile } from "../write-file.js";

interface ReplayOptions extends OutputOptions {
  readonly step?: boolean;
  readonly maxSteps?: number;
  readonly trace?: string;
  readonly history?: string;
  readonly format: FormatName;
}

/** `replay <schedule>`: follows a schedule. */
export function replayCommand(): Command {
  const command = new Command("replay")
    .description("Follows a schedule step by step, and says what it shows and where it diverges.")
    .argument("<schedule>", "a file that run or check wrote, or a bundled name such as zardozbook/paper")
    .option(
      "--step",
      "walk through it: the changes of state at each step, the whole state, and what else could have come",
    )
    .option("--max-steps <n>", "follow so many steps at most", wholeNumber(1))
    .option("--trace <file>", "write the events as JSON lines")
    .option("--history <file>", "write what the clients asked and were answered, in the format of --format")
    .addOption(new Option("--format <name>", "the format of --history").choices(formatNames).default("lines"));
  return withOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast replay zardozbook/paper
  $ hindcast replay zardozbook.schedule.json --step
  $ hindcast replay abd.schedule.json --history abd.jsonl

Exit codes: 0 no violation, 1 violated, 2 unusable input, 3 diverged from the schedule, 4 node code failed.`,
    )
    .action(async (name: string, options: ReplayOptions) => {
      process.exitCode = await replay(name, options);
    });
}

async function replay(name: string, options: ReplayOptions): Promise<ExitCode> {
  if (options.step === true && options.json === true) {
    throw new InputError("--step is for people and --json for programs; give one of them.");
  }
  const output = new Output(options);
  const scheduled = await loadSchedule(name);
  const { schedule, system, loaded } = scheduled;
  const snapshots = new Snapshots();
  const choices = schedule.choices.slice(0, options.maxSteps);
  const onWorld = options.step === true ? snapshots.keep : undefined;
  const replayed = followSchedule(scheduled, { maxSteps: options.maxSteps, onWorld });
  output.say(output.paint.dim(`Replaying ${systemName(loaded.scenario, system)}, ${counted(choices.length, "step")}`));
  if (scheduled.isCodeChanged) output.say("The scenario's code has changed since this schedule was recorded.");
  const worldAfter = (steps: number): World => reExecute(system, choices.slice(0, steps)).world;
  if (options.step === true) await stepThrough(output, { ...replayed, snapshots, worldAfter });
  else tellStory(output, replayed.trace, { chain: false, loop: schedule.loop });
  output.say();
  tellEnd(output, scheduled, replayed);
  const histories = judgeClients(system, choices.slice(0, replayed.choices.length));
  tellClients(output, histories);
  if (options.history !== undefined) writeClients(output, histories, { file: options.history, format: options.format });
  if (options.trace !== undefined) writeWholeFile(options.trace, traceLines(replayed.trace, { hasTime: false }));
  output.document({ ...documentOf(scheduled, replayed), histories: histories.map(clientsHistoryJson) });
  return codeOf(replayed);
}

function tellEnd(output: Output, { schedule, isCodeChanged }: ScheduledSystem, replayed: ReExecuted): void {
  const { paint } = output;
  const { violation, failure, divergence, choices } = replayed;
  if (violation !== undefined) {
    output.verdict(violatedLine(paint, violation.property, violation.detail));
    if (schedule.property !== null && schedule.property !== violation.property) {
      output.say(`  The schedule was recorded for another property: ${schedule.property}`);
    }
  } else if (failure !== undefined) {
    output.verdict(`${paint.red(paint.bold("✗ node code failed"))}  ${failureText(failure)}`);
    tellFailure(output, failure);
  } else if (divergence !== undefined) {
    const shown = divergence.offered.slice(0, 12).map((one) => `\n    ${one}`);
    const more = divergence.offered.length > 12 ? `\n    and ${divergence.offered.length - 12} more` : "";
    const reason = isCodeChanged ? "" : "; the scenario's code, or what it imports, may have changed";
    output.verdict(
      `${paint.yellow(paint.bold("? diverged"))}  step ${divergence.step} cannot be taken${reason}\n` +
        `  wanted: ${divergence.wanted}\n` +
        (shown.length === 0
          ? "  offered: nothing; the run has come to its end"
          : `  offered, nearest first:${shown.join("")}${more}`),
    );
  } else {
    output.verdict(
      `${paint.green(paint.bold("✓ no violation"))}  after ${counted(choices.length, "step")}` +
        (schedule.property === null ? "" : `; recorded was a violation of: ${schedule.property}`),
    );
  }
}

function documentOf({ schedule, system, isCodeChanged }: ScheduledSystem, replayed: ReExecuted) {
  const { violation, failure, divergence, choices } = replayed;
  return {
    scenario: schedule.scenario,
    params: system.parameters,
    faults: system.faults,
    verdict: violation !== undefined ? "violated" : failure !== undefined ? "crashed" : "unknown",
    property: violation?.property ?? null,
    detail: violation?.detail ?? (failure === undefined ? null : failureText(failure)),
    steps: choices.length,
    loop: schedule.loop ?? null,
    codeChanged: isCodeChanged,
    diverged: divergence === undefined ? null : divergence,
  };
}

function codeOf({ violation, failure, divergence }: ReExecuted): ExitCode {
  if (violation !== undefined) return exitCode.violated;
  if (failure !== undefined) return exitCode.crashed;
  return divergence === undefined ? exitCode.fine : exitCode.undecided;
}
