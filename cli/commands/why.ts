import { Command, Option } from "commander";
import { endingOf } from "../../checker/explain/explain.js";
import type { Explanation, ExplanationMode } from "../../checker/explain/explanation.js";
import type { Outcome } from "../../checker/explain/outcome.js";
import { UnexplainableNode } from "../../checker/explain/run-machines.js";
import { InvalidSpecification, type SpecificationMode } from "../../checker/provenance/specification.js";
import { eventText, numberOfEvent } from "../../report/event-text.js";
import { explanationJson } from "../../report/explanation-json.js";
import { explanationText } from "../../report/explanation.js";
import { counted, secondsText } from "../../report/numbers.js";
import type { Violation } from "../../sim/judge.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { failureText } from "../failure.js";
import { findOutcome } from "../find-event.js";
import { followSchedule } from "../follow-schedule.js";
import { InputError } from "../input-error.js";
import { loadSchedule, type ScheduledSystem } from "../load-schedule.js";
import { wholeNumber, withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import { Progress } from "../progress.js";
import type { ReExecuted } from "../re-execute.js";
import { explainInSlices } from "../explain-in-slices.js";
import { foldAbove, terminalWidth } from "../story.js";
import { Watch } from "../watch.js";
import { refuseForeign, writeRunDatabase } from "../write-database.js";

interface WhyOptions extends OutputOptions {
  readonly mode: ExplanationMode;
  readonly budget?: number;
  readonly sql?: string;
  readonly specifications: SpecificationMode;
}

/** `why <schedule> [event]`: explains an outcome. */
export function whyCommand(): Command {
  const command = new Command("why")
    .description(
      "Explains an outcome of a run: its violation, an event, an answer or its absence, or the state of a node.\n" +
        "What is given are the events that, kept, bring it about whatever else is left out.",
    )
    .argument("<schedule>", "a file that run or check wrote, or a bundled name such as zardozbook/paper")
    .argument(
      "[event]",
      "a number of the diagram; node#k for a node's state after its k-th event; client:operation for an answer " +
        "(default: the violation)",
    )
    .addOption(
      new Option("--mode <mode>", "local: given the messages that were sent; global: whatever would be sent instead")
        .choices(["local", "global"])
        .default("local"),
    )
    .addOption(
      new Option("--specifications <mode>", "how far hand-written rules beside nodes are believed")
        .choices(["trust", "check", "exact"])
        .default("exact"),
    )
    .option("--budget <nodes>", "how many nodes of diagrams each question may take (default: 4000000)", wholeNumber(1));
  command.option("--sql <file>", "write the run and its explanation as an SQLite database");
  return withOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast why zardozbook/paper
  $ hindcast why zardozbook/paper 12
  $ hindcast why zardozbook/paper s3#4 --json
  $ hindcast why zardozbook/paper bob:0

Exit codes: 0 explained, 2 unusable input, 3 diverged from the schedule, 4 node code failed in it.`,
    )
    .action(async (name: string, event: string | undefined, options: WhyOptions) => {
      process.exitCode = await why(name, event, options);
    });
}

async function why(name: string, event: string | undefined, options: WhyOptions): Promise<ExitCode> {
  const output = new Output(options);
  if (options.sql !== undefined) refuseForeign(options.sql);
  const scheduled = await loadSchedule(name);
  const replayed = followSchedule(scheduled);
  const { trace, divergence } = replayed;
  const outcome = event === undefined ? endingOf(trace, replayed) : findOutcome(trace, event);
  const explanation = await explained(output, trace, outcome, options);
  if (divergence !== undefined) output.warn(divergenceText(name, divergence.step));
  tell(output, scheduled, trace, explanation);
  if (options.sql !== undefined) await writeRunDatabase(options.sql, trace, explanation);
  output.document({ ...explanationJson(trace, explanation), diverged: divergence ?? null });
  return codeOf(replayed, output);
}

/** Explains in slices; Ctrl-C gives what is known by then. */
async function explained(output: Output, trace: Trace, outcome: Outcome, options: WhyOptions): Promise<Explanation> {
  const { mode, budget, specifications } = options;
  const watch = new Watch({});
  const progress = new Progress(output);
  try {
    const limits = budget === undefined ? {} : { budget: { nodesMax: budget } };
    return await explainInSlices(trace, outcome, { mode, specifications, ...limits }, watch, (answered) =>
      progress.show(`${counted(answered, "question")} answered · ${secondsText(watch.seconds)}`),
    );
  } catch (error) {
    if (error instanceof UnexplainableNode || error instanceof InvalidSpecification)
      throw new InputError(error.message);
    throw error;
  } finally {
    progress.stop();
    watch.close();
  }
}

function tell(output: Output, { schedule, system }: ScheduledSystem, trace: Trace, explanation: Explanation): void {
  const { paint } = output;
  const { outcome } = explanation;
  const width = terminalWidth();
  const title = `${paint.bold("Why")} ${outcomeText(trace, outcome, width)}`;
  output.verdict(outcome.kind === "violation" ? `${title}\n  ${violationText(system, outcome.violation)}` : title);
  const repeating = schedule.loop === undefined ? {} : { repeatsFrom: trace.initialEvents + schedule.loop };
  output.say(explanationText(trace, explanation, { paint, width, foldAbove, ...repeating }));
}

/** What is wrong; of a property of whole runs the sentence says how, and the name what. */
function violationText(system: System, { property: name, detail }: Violation): string {
  const kind = system.properties.find((property) => property.name === name)?.kind;
  return kind === "eventually" || kind === "leads-to" || kind === "stays-reachable" ? `${name}: ${detail}` : detail;
}

function outcomeText(trace: Trace, outcome: Outcome, width: number): string {
  const event = `${numberOfEvent(trace, outcome.event)}: ${eventText(trace, outcome.event, width)}`;
  switch (outcome.kind) {
    case "violation":
    case "event":
    case "step":
      return event;
    case "crash":
      return `${event}, and its code throws`;
    case "state":
      return `the state of ${trace.participant(outcome.event)} after ${event}`;
    case "seen": {
      const nodes = outcome.parts.map(({ node }) => String(trace.system.participants[node]));
      return `what is seen of ${nodes.join(", ")} after ${event}`;
    }
    case "no-answer":
      return `there is no answer to ${event}`;
  }
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
