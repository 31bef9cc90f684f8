import { Command } from "commander";
import { explain } from "../../checker/explain/explain.js";
import type { Explanation } from "../../checker/explain/explanation.js";
import { chainText } from "../../report/chain-text.js";
import { diagram } from "../../report/diagram.js";
import { eventText, numberOfEvent } from "../../report/event-text.js";
import { explanationJson } from "../../report/explanation-json.js";
import { counted } from "../../report/numbers.js";
import type { Trace } from "../../sim/trace.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { failureText } from "../failure.js";
import { findEvent } from "../find-event.js";
import { loadSchedule } from "../load-schedule.js";
import { withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import { reExecute, type ReExecuted } from "../re-execute.js";
import { foldAbove, terminalWidth } from "../story.js";

/** `why <schedule> [event]`: explains an event. */
export function whyCommand(): Command {
  const command = new Command("why")
    .summary("explain an event of a schedule")
    .description("Explains an event of a run: the violation, or the one that is named.")
    .argument("<schedule>", "a file that run or check wrote, or a bundled name such as zardozbook/paper")
    .argument("[event]", "a number of the diagram, node#k, or client:operation (default: the violating event)");
  return withOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast why zardozbook/paper
  $ hindcast why zardozbook/paper 12
  $ hindcast why zardozbook/paper s3#4 --json
  $ hindcast why zardozbook/paper bob:0`,
    )
    .action(async (name: string, event: string | undefined, options: OutputOptions) => {
      process.exitCode = await why(name, event, options);
    });
}

async function why(name: string, event: string | undefined, options: OutputOptions): Promise<ExitCode> {
  const output = new Output(options);
  const { schedule, system } = await loadSchedule(name);
  const replayed = reExecute(system, schedule.choices);
  const { trace, divergence, violation } = replayed;
  const outcome = event === undefined ? trace.length - 1 : findEvent(trace, event);
  const explanation = explain(trace, outcome);
  if (divergence !== undefined) output.warn(divergenceText(name, divergence.step));
  tell(output, trace, explanation, outcome === trace.length - 1 ? violation?.detail : undefined);
  output.document({ ...explanationJson(trace, explanation), diverged: divergence ?? null });
  return codeOf(replayed, output);
}

function tell(output: Output, trace: Trace, explanation: Explanation, detail: string | undefined): void {
  const { paint } = output;
  const { outcome, causalPast, chain } = explanation;
  const width = terminalWidth();
  const steps = causalPast.filter((event) => event >= trace.initialEvents).length;
  const all = trace.length - trace.initialEvents;
  output.verdict(
    `${paint.bold("Why")} ${numberOfEvent(trace, outcome)}: ${eventText(trace, outcome, width)}` +
      (detail === undefined ? "" : `\n  ${detail}`),
  );
  output.say(
    `${paint.yellow("slice only")}: ${steps} of ${counted(all, "step")} happened before it, or are it; ` +
      "not all of them need have mattered.",
  );
  output.say();
  output.say(diagram(trace, { paint, width, foldAbove, highlighted: new Set(causalPast) }));
  output.say();
  output.say(paint.bold("The longest chain of causes"));
  output.say(chainText(trace, chain, { paint, width: width - 30 }));
}

function divergenceText(name: string, step: number): string {
  return `The schedule diverges at step ${step}; what is explained is the run up to there. See \`hindcast replay ${name}\`.`;
}

/** What is explained need not be a violation: only a replay that does not get through is told by the exit code. */
function codeOf({ divergence, failure }: ReExecuted, output: Output): ExitCode {
  if (divergence !== undefined) return exitCode.undecided;
  if (failure === undefined) return exitCode.fine;
  output.warn(failureText(failure));
  return exitCode.crashed;
}
