import { Command } from "commander";
import { type Simulated, Simulation } from "../../checker/simulate.js";
import { clientsHistoryJson } from "../../report/clients-history.js";
import { traceLines } from "../../report/event-json.js";
import { counted, grouped, secondsText } from "../../report/numbers.js";
import { run as simulate } from "../../sim/run.js";
import { namesOf } from "../../sim/schedule.js";
import { timed } from "../../sim/strategy/timed.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { tellClients } from "../clients-history.js";
import { compileScenario } from "../compile-scenario.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { tellFailure } from "../failure.js";
import { type Finding, type Found, foundFailure, foundViolation, nothingFound } from "../found.js";
import { systemName, violatedLine } from "../headline.js";
import { type LoadedScenario, loadScenario } from "../load-scenario.js";
import { tellNext } from "../next-commands.js";
import {
  type CheckingOptions,
  wholeNumber,
  withFileOptions,
  withOutputOptions,
  withSettingsOptions,
} from "../options.js";
import { Output } from "../output.js";
import { Progress } from "../progress.js";
import { record } from "../record.js";
import { writeReports } from "../reports.js";
import { inSlices } from "../slices.js";
import { tellStory } from "../story.js";
import { Watch } from "../watch.js";
import { writeWholeFile } from "../write-file.js";

interface RunOptions extends CheckingOptions {
  readonly runs: number;
  readonly seed: number;
  readonly maxSteps: number;
}

/** `run <scenario>`: simulates many seeds. */
export function runCommand(): Command {
  const command = new Command("run")
    .description(
      "Simulates a scenario in virtual time, one run a seed; the first violation is shrunk and written. " +
        "Where there is none, --out takes the first seed's run.",
    )
    .argument("<scenario>", "a bundled name (see `hindcast list`), or the path of a .ts file")
    .option("--runs <n>", "how many seeds", wholeNumber(1), 1000)
    .option("--seed <n>", "the first seed; each next run has the next one", wholeNumber(0), 1)
    .option("--max-steps <n>", "end each run after so many steps", wholeNumber(1), 10_000);
  return withOutputOptions(withFileOptions(withSettingsOptions(command)))
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast run zardozbook
  $ hindcast run zardozbook --runs 5000 --seed 7 --param reads=3
  $ hindcast run ./lock.ts --faults drop=2 --out lost-message.schedule.json
  $ hindcast run raft --runs 1 --seed 3 --out raft-3.schedule.json

Exit codes: 0 no violation seen, however many runs were made, 1 violated, 2 unusable input, 4 node code failed.`,
    )
    .action(async (name: string, options: RunOptions) => {
      process.exitCode = await run(name, options);
    });
}

async function run(name: string, options: RunOptions): Promise<ExitCode> {
  const output = new Output(options);
  const loaded = await loadScenario(name);
  const system = compileScenario(loaded, { parameters: options.param, faults: options.faults });
  const range =
    options.runs === 1 ? `seed ${options.seed}` : `seeds ${options.seed} to ${options.seed + options.runs - 1}`;
  output.say(output.paint.dim(`Running ${systemName(loaded.scenario, system)}, ${range}`));
  const { simulated, seconds } = await simulateAll(system, options, output);
  const found = describe(simulated, { system, loaded, options });
  tellFound(output, simulated, found, { seconds, wanted: options.runs });
  if (options.trace !== undefined) writeTrace(options, system, found.trace);
  writeReports(options, loaded, system, {
    verdict: found.verdict,
    property: found.property,
    detail: found.detail,
    neverReached: simulated.neverReached,
    undecided: `not seen to fail in ${counted(simulated.runs, "run")}, which decides nothing`,
    seconds,
  });
  output.document(documentOf(simulated, { system, options, found, seconds }));
  return found.verdict === "crashed"
    ? exitCode.crashed
    : found.verdict === "violated"
      ? exitCode.violated
      : exitCode.fine;
}

async function simulateAll(system: System, options: RunOptions, output: Output) {
  const simulation = new Simulation(system, { seed: options.seed, maxSteps: options.maxSteps, strategy: timed });
  const watch = new Watch({});
  const progress = new Progress(output, options.runs);
  let simulated = simulation.advance(0);
  try {
    await inSlices((runs) => {
      simulated = simulation.advance(Math.min(runs, options.runs - simulated.runs));
      const { runs: made, violations } = simulated;
      progress.show(`${grouped(made)} runs · ${grouped(made / watch.seconds)}/s · ${violations} violated`, made);
      return made >= options.runs || simulated.failure !== undefined ? true : undefined;
    }, watch);
    return { simulated, seconds: Math.round(watch.seconds * 1000) / 1000 };
  } finally {
    progress.stop();
    watch.close();
  }
}

interface FoundInRuns extends Found {
  readonly verdict: "violated" | "crashed" | "unknown";
  /** The seed of the run that was shrunk, or that failed. */
  readonly foundAt: number | null;
}

/** Shrinks, re-executes and writes the first run that is worth it. */
function describe(
  { first, failure }: Simulated,
  { system, loaded, options }: { system: System; loaded: LoadedScenario; options: RunOptions },
): FoundInRuns {
  const finding = (seed: number) => ({ loaded, system, out: options.out, origin: { strategy: "timed", seed } });
  if (failure !== undefined) {
    const { seed } = failure;
    return { ...foundFailure(finding(seed), failure), verdict: "crashed", foundAt: seed };
  }
  if (first === undefined) {
    const plain = options.out === undefined ? {} : firstRunRecorded(finding(options.seed), options);
    return { ...nothingFound, ...plain, verdict: "unknown", foundAt: null };
  }
  const { seed, witness } = first;
  return { ...foundViolation(finding(seed), witness), verdict: "violated", foundAt: seed };
}

/** Writes the run of the first seed, which violates nothing, so that it can be replayed and explained too. */
function firstRunRecorded({ loaded, system, ...recording }: Finding, options: RunOptions) {
  const choices = namesOf(simulate(system, timed(options.seed), { maxSteps: options.maxSteps }).choices);
  return { steps: choices.length, schedule: record(loaded, system, { choices }, recording) };
}

function tellFound(
  output: Output,
  simulated: Simulated,
  found: FoundInRuns,
  { seconds, wanted }: { readonly seconds: number; readonly wanted: number },
): void {
  const { paint } = output;
  const { runs, violations, first, failure } = simulated;
  const time = paint.dim(`  ${counted(runs, "run")}; ${secondsText(seconds)}`);
  switch (found.verdict) {
    case "unknown":
      output.verdict(
        `${paint.green(paint.bold("✓ no violation seen"))}  in ${counted(runs, "run")}, which proves nothing`,
      );
      if (found.schedule !== null) output.say(`  the first of them, ${counted(found.steps ?? 0, "step")}, is written`);
      if (simulated.cutOff > 0) {
        output.say(
          `  ${simulated.cutOff === runs ? "all" : grouped(simulated.cutOff)} of them were cut off by --max-steps, before their end`,
        );
      }
      if (runs < wanted) output.say(`  interrupted: ${grouped(wanted - runs)} runs were not made`);
      break;
    case "violated": {
      output.verdict(violatedLine(paint, found.property ?? "", found.detail ?? ""));
      tellClients(output, found.histories);
      const before = first?.witness.step ?? 0;
      const shrunk = `${before === found.steps ? "" : `shrunk from ${before} to `}${counted(found.steps ?? 0, "step")}`;
      output.say(`  in ${grouped(violations)} of ${counted(runs, "run")}, first with seed ${found.foundAt}, ${shrunk}`);
      if (found.trace !== undefined) tellStory(output, found.trace, { chain: true });
      output.say();
      break;
    }
    case "crashed":
      output.verdict(`${paint.red(paint.bold("✗ node code failed"))}  ${found.detail}`);
      if (failure !== undefined) tellFailure(output, failure.failure);
      output.say(`  with seed ${found.foundAt}, at step ${found.steps}`);
      break;
  }
  output.say(time);
  for (const property of simulated.neverReached) output.say(`  ${paint.yellow("never reached:")} ${property}`);
  for (const property of simulated.notJudged) {
    output.say(`  ${paint.yellow("not judged, as a finite run cannot decide it; check does:")} ${property}`);
  }
  tellNext(output, found.schedule);
}

/** The trace of the violating run, or where there is none, of the first seed's. */
function writeTrace(options: RunOptions, system: System, found: Trace | undefined): void {
  const trace = found ?? simulate(system, timed(options.seed), { maxSteps: options.maxSteps, trace: "details" }).trace;
  if (trace === undefined || options.trace === undefined) return;
  writeWholeFile(options.trace, traceLines(trace, { hasTime: found === undefined }));
}

function documentOf(
  simulated: Simulated,
  about: { system: System; options: RunOptions; found: FoundInRuns; seconds: number },
) {
  const { system, options, found, seconds } = about;
  return {
    scenario: system.scenario,
    params: system.parameters,
    faults: system.faults,
    seed: options.seed,
    runs: simulated.runs,
    verdict: found.verdict,
    limit: found.verdict === "unknown" ? (simulated.runs < options.runs ? "interrupted" : "runs") : null,
    violations: simulated.violations,
    cutOff: simulated.cutOff,
    foundAt: found.foundAt,
    property: found.property,
    detail: found.detail,
    steps: found.steps,
    schedule: found.schedule,
    histories: found.histories.map(clientsHistoryJson),
    neverReached: simulated.neverReached,
    notJudged: simulated.notJudged,
    measured: { seconds },
  };
}
