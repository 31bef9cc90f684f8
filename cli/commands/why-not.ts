import { Command } from "commander";
import { type Membership, membershipOf } from "../../checker/why-not/membership.js";
import type { NearestGoodRun } from "../../checker/why-not/nearest-good-run.js";
import { type NonInfluence, nonInfluence } from "../../checker/why-not/non-influence.js";
import { type AskedOutcome, UnusableQuestion } from "../../checker/why-not/outcome-judge.js";
import { Recording } from "../../checker/why-not/recording.js";
import { diagram } from "../../report/diagram.js";
import { eventJson } from "../../report/event-json.js";
import { eventText, numberOfEvent } from "../../report/event-text.js";
import { forcingText } from "../../report/forcing-orderings-text.js";
import { forcingJson, nearestJson, nonInfluenceJson } from "../../report/why-not-json.js";
import { nearestText, nonInfluenceText } from "../../report/why-not-text.js";
import type { Trace } from "../../sim/trace.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { findEvent, invocationOf } from "../find-event.js";
import { followSchedule } from "../follow-schedule.js";
import { InputError } from "../input-error.js";
import { loadSchedule, type ScheduledSystem } from "../load-schedule.js";
import { duration, byteSize, wholeNumber, withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import type { ReExecuted } from "../re-execute.js";
import { record } from "../record.js";
import { foldAbove, terminalWidth } from "../story.js";
import { Watch } from "../watch.js";
import { type Answers, explainFirst, search } from "../why-not-search.js";

interface WhyNotOptions extends OutputOptions {
  readonly outcome?: string;
  readonly changes?: number;
  readonly maxStates: number;
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
  readonly out?: string;
}

/** `why-not <schedule> <event>`: why an event did not change an outcome, and what would have. */
export function whyNotCommand(): Command {
  const command = new Command("why-not")
    .description(
      "Explains why an event did not affect an outcome of a run (the violation, or the event given with --outcome), which " +
        "is the nearest good run, and which orderings of events force the outcome.",
    )
    .argument("<schedule>", "a file that run or check wrote, or a bundled name such as zardozbook/paper")
    .argument("<event>", "a number of the diagram, node#k, or client:operation (the operation as a whole)")
    .option("--outcome <event>", "ask about this event instead of the violation")
    .option("--changes <n>", "look at runs with at most so many changed decisions", wholeNumber(0))
    .option("--max-states <n>", "look at so many states for each question", wholeNumber(1), 60_000)
    .option("--time-limit <time>", "stop after this time, such as 90s or 5m", duration)
    .option("--memory-limit <size>", "stop when the process has this size, such as 2GB", byteSize)
    .option("--out <file>", "write the nearest good run as a schedule");
  return withOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast why-not zardozbook/paper ava:0
  $ hindcast why-not zardozbook/paper 9 --outcome 24
  $ hindcast why-not lock.schedule.json ann:0 --changes 2 --json

Exit codes: 0 explained, 2 unusable input, 3 diverged from the schedule.`,
    )
    .action(async (name: string, event: string, options: WhyNotOptions) => {
      process.exitCode = await whyNot(name, event, options);
    });
}

async function whyNot(name: string, named: string, options: WhyNotOptions): Promise<ExitCode> {
  const output = new Output(options);
  const scheduled = await loadSchedule(name);
  const replayed = followSchedule(scheduled);
  const { trace, divergence } = replayed;
  if (divergence !== undefined) {
    output.warn(`The schedule diverges at step ${divergence.step}; what is explained is the run up to there.`);
  }
  const question = usable(() => {
    const event = invocationOf(trace, named) ?? findEvent(trace, named);
    const outcome = outcomeOf(name, replayed, options.outcome);
    return { outcome, first: nonInfluence(trace, event, outcome) };
  });
  const watch = new Watch({ timeLimit: options.timeLimit, memoryLimit: options.memoryLimit });
  const explanations = await explainFirst(trace, question.first, watch);
  const memberships = explanations.map((one) => membershipOf(question.first.event, one));
  tellHead(output, trace, question.first, memberships, replayed);
  const answers = await search(output, new Recording(trace), question.first, explanations[0], watch, options);
  tellAnswers(output, trace, question.first, answers);
  const schedule = writeNearest(output, scheduled, answers.nearest.found, options.out);
  output.document({
    scenario: trace.system.scenario,
    params: trace.system.parameters,
    event: eventJson(trace, question.first.event),
    outcome: eventJson(trace, question.outcome.event),
    property: question.outcome.kind === "violation" ? question.outcome.violation.property : null,
    detail: question.outcome.kind === "violation" ? question.outcome.violation.detail : null,
    diverged: divergence ?? null,
    nonInfluence: nonInfluenceJson(trace, question.first, memberships),
    nearest: nearestJson(trace, answers.nearest),
    nearestInfluenced: answers.influenced === undefined ? null : nearestJson(trace, answers.influenced),
    forcing: forcingJson(trace, answers.forcing),
    schedule,
    measured: answers.measured,
  });
  return divergence === undefined ? exitCode.fine : exitCode.undecided;
}

/** A question that cannot be asked is input that cannot be used. */
function usable<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof UnusableQuestion) throw new InputError(error.message);
    throw error;
  }
}

function outcomeOf(name: string, { trace, violation, failure }: ReExecuted, named: string | undefined): AskedOutcome {
  if (named !== undefined) return { kind: "event", event: findEvent(trace, named) };
  const event = trace.length - 1;
  if (violation !== undefined && violation.step > 0) return { kind: "violation", event, violation };
  if (violation !== undefined) {
    throw new InputError(`${name} breaks "${violation.property}" before its first step: no event brought it about.`);
  }
  const found = failure === undefined ? "shows no violation" : "ends in a failure of node code, and not in a violation";
  throw new InputError(
    `${name} ${found}; name the event that is asked about with --outcome, as \`why-not ${name} <event> --outcome <event>\`.`,
  );
}

function tellHead(
  output: Output,
  trace: Trace,
  found: NonInfluence,
  memberships: readonly Membership[],
  { violation }: ReExecuted,
): void {
  const { paint } = output;
  const width = terminalWidth();
  const { event, outcome } = found;
  const did = found.isInfluenced ? "affected" : "did not affect";
  output.verdict(
    `${paint.bold("Why not")} ${numberOfEvent(trace, event)}: ${eventText(trace, event, width)}\n` +
      `  ${did} ${numberOfEvent(trace, outcome.event)}: ${eventText(trace, outcome.event, width)}` +
      (outcome.kind === "violation" && violation !== undefined ? `\n  ${violation.detail}` : ""),
  );
  output.say();
  output.say(paint.bold(found.isInfluenced ? "How it mattered" : "Why it did not matter"));
  output.say(nonInfluenceText(trace, found, memberships, width - 50));
  output.say();
  const highlighted = new Set([event, outcome.event, ...found.influenced]);
  output.say(diagram(trace, { paint, width, foldAbove, highlighted }));
}

function tellAnswers(output: Output, trace: Trace, first: NonInfluence, answers: Answers): void {
  const { paint } = output;
  const width = terminalWidth() - 50;
  output.say();
  output.say(paint.bold("The nearest good run"));
  output.say(nearestText(trace, first.outcome.event, answers.nearest, width));
  if (answers.influenced !== undefined) {
    output.say();
    output.say(paint.bold(`The nearest good run in which ${numberOfEvent(trace, first.event)} matters`));
    output.say(nearestText(trace, first.outcome.event, answers.influenced, width));
  }
  output.say();
  output.say(paint.bold(`Which orderings force ${numberOfEvent(trace, first.outcome.event)}`));
  output.say(forcingText(trace, answers.forcing));
}

function writeNearest(
  output: Output,
  { loaded, system }: ScheduledSystem,
  found: NearestGoodRun,
  out: string | undefined,
): string | null {
  if (out === undefined) return null;
  if (found.kind !== "found") {
    output.warn(`No schedule was written to ${out}: no good run was found.`);
    return null;
  }
  const origin = { strategy: "why-not", seed: null };
  const file = record(loaded, system, { choices: found.choices }, { out, origin });
  output.say(`\nThe nearest good run was written to ${file}`);
  return file;
}
