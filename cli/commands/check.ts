import { Command } from "commander";
import type { BytesLeft } from "../../checker/search/engine/room.js";
import type { ReductionReport, Search } from "../../checker/search/search.js";
import { startSearch, type StrategyOptions } from "../../checker/search/start.js";
import type { Verdict } from "../../checker/verdict.js";
import { traceLines } from "../../report/event-json.js";
import { bytesText, counted, secondsText } from "../../report/numbers.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { verdictDocument } from "../verdict-document.js";
import { tellClients } from "../clients-history.js";
import { type CheckpointOptions, Checkpoints, withCheckpointOptions } from "../checkpoints.js";
import { compileScenario } from "../compile-scenario.js";
import { tellCoverage } from "../coverage-lines.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { tellFailure } from "../failure.js";
import { type Found, foundFailure, foundViolation, nothingFound } from "../found.js";
import { countsText, limitText, systemName, violatedLine } from "../headline.js";
import { type LoadedScenario, loadScenario } from "../load-scenario.js";
import {
  byteSize,
  type CheckingOptions,
  duration,
  wholeNumber,
  withFileOptions,
  withOutputOptions,
  withSettingsOptions,
} from "../options.js";
import { Output } from "../output.js";
import { MemoryRelief, type PastMemoryLimitOptions, withPastMemoryLimitOption } from "../past-memory-limit.js";
import { outlookLines } from "../outlook-lines.js";
import { Progress } from "../progress.js";
import { progressText } from "../search-progress.js";
import { writeReports } from "../reports.js";
import {
  reductionDocument,
  reductionOf,
  type ReductionOptions,
  tellReduction,
  withReductionOptions,
} from "../reduction-options.js";
import { inSlices } from "../slices.js";
import { tellStory } from "../story.js";
import { strategyFields, strategyLines } from "../strategy-lines.js";
import { type GivenStrategy, strategyOf, withStrategyOptions } from "../strategy-options.js";
import { tellNext } from "../next-commands.js";
import { type Measured, Watch } from "../watch.js";
import { refuseWorkers, startWorkers, withWorkersOption } from "../workers-option.js";
import { writeWholeFile } from "../write-file.js";

interface CheckOptions
  extends CheckingOptions, CheckpointOptions, PastMemoryLimitOptions, ReductionOptions, GivenStrategy {
  readonly workers: number;
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly timeLimit?: number;
  readonly memoryLimit?: number;
  readonly coverage?: boolean;
}

/** `check <scenario>`: searches every schedule of a finite scope. */
export function checkCommand(): Command {
  const command = new Command("check")
    .description("Searches every schedule within a scenario's scope; the first violation is shrunk and written.")
    .argument("<scenario>", "a bundled name (see `hindcast list`), or the path of a .ts file");
  withStrategyOptions(command)
    .option("--max-states <n>", "stop after so many states", wholeNumber(1))
    .option("--max-depth <n>", "do not go deeper than so many states", wholeNumber(1))
    .option("--time-limit <time>", "stop after this time, such as 90s or 5m", duration)
    .option("--memory-limit <size>", "stop when the process has this size, such as 2GB", byteSize)
    .option("--coverage", "tell in which local states each handler ran");
  return withOutputOptions(
    withFileOptions(
      withCheckpointOptions(
        withSettingsOptions(withReductionOptions(withPastMemoryLimitOption(withWorkersOption(command)))),
      ),
    ),
  )
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast check zardozbook
  $ hindcast check zardozbook --param fix=sticky --param stores=folded
  $ hindcast check two-phase-commit --param rms=5 --strategy depth-first --json
  $ hindcast check two-phase-commit --param rms=9 --workers 2
  $ hindcast check two-phase-commit --param rms=9 --reduce symmetry
  $ hindcast check raft --param entries=2 --strategy pct --bound 4 --runs 50000
  $ hindcast check ./lock.ts --faults drop=1,crash=1 --time-limit 5m

Exit codes: 0 holds, 1 violated, 2 unusable input, 3 not decided, 4 node code failed.`,
    )
    .action(async (name: string, options: CheckOptions) => {
      process.exitCode = await check(name, options);
    });
}

async function check(name: string, options: CheckOptions): Promise<ExitCode> {
  const output = new Output(options);
  const strategy = strategyOf(options);
  refuseWorkers(options);
  const loaded = await loadScenario(name);
  const system = compileScenario(loaded, { parameters: options.param, faults: options.faults });
  output.say(output.paint.dim(`Checking ${systemName(loaded.scenario, system)}, ${options.strategy}`));
  const checkpoints = new Checkpoints(options, loaded, system, output);
  const limits = { maxStates: options.maxStates ?? Infinity, maxDepth: options.maxDepth ?? Infinity };
  const asked = { ...strategy, ...limits, ...reductionOf(options) };
  const crew = await startWorkers(options, name, loaded, system);
  const { verdict, measured, reduction } = await search(
    (bytesLeft) => startSearch(system, { ...asked, bytesLeft }, checkpoints.from, crew),
    options,
    output,
    checkpoints,
  ).finally(() => crew?.close());
  const found = describe(verdict, { system, loaded, options, strategy });
  tellVerdict(output, verdict, measured, { found, reduction });
  tellCoverage(output, verdict.coverage, { isWhole: verdict.kind === "holds", all: options.coverage === true });
  tellNext(output, found.schedule);
  if (verdict.kind === "unknown") checkpoints.tell();
  if (options.trace !== undefined) writeTrace(output, options.trace, found.trace);
  writeReports(options, loaded, system, {
    verdict: verdict.kind,
    property: found.property,
    detail: found.detail,
    neverReached: verdict.coverage.neverReached,
    undecided: verdict.kind === "unknown" ? limitText(verdict.limit) : "the search ended before",
    seconds: measured.seconds,
  });
  output.document({
    ...verdictDocument(verdict, { system, loaded, found }),
    ...reductionDocument(options, reduction),
    ...strategyFields(strategy, verdict.coverage),
    checkpoint: checkpoints.written,
    measured,
  });
  return codeOf(verdict);
}

async function search(
  start: (bytesLeft: BytesLeft) => Search,
  options: CheckOptions,
  output: Output,
  checkpoints: Checkpoints,
) {
  const relief = new MemoryRelief(options);
  const watch = new Watch(options);
  const progress = new Progress(output);
  try {
    let searching = start(relief.bytesLeft(watch));
    const ended = await inSlices(
      (amount, isLate) => {
        const reached = checkpoints.around(searching, () => searching.advance(amount, isLate));
        if (reached.kind !== "progress") return reached;
        progress.show(progressText(reached, watch, searching.estimate?.()));
        return undefined;
      },
      watch,
      () => {
        searching = relief.relieve(searching, watch);
        return searching.bytesAhead ?? 0;
      },
    );
    const verdict = "done" in ended ? ended.done : searching.stop(ended.limit);
    await checkpoints.finish(searching, verdict);
    return { verdict, measured: watch.measured(), reduction: searching.reduction?.() };
  } finally {
    progress.stop();
    watch.close();
  }
}

interface Checked {
  readonly system: System;
  readonly loaded: LoadedScenario;
  readonly options: CheckOptions;
  readonly strategy: StrategyOptions;
}

/** Shrinks, re-executes and writes what a search has found. */
function describe(verdict: Verdict, { system, loaded, options, strategy }: Checked): Found {
  const origin = { strategy: strategy.strategy, seed: "seed" in strategy ? strategy.seed : null };
  const finding = { loaded, system, out: options.out, origin };
  switch (verdict.kind) {
    case "holds":
    case "unknown":
      return nothingFound;
    case "violated":
      return foundViolation(finding, verdict.witness);
    case "crashed":
      return foundFailure(finding, verdict);
  }
}

function tellVerdict(
  output: Output,
  verdict: Verdict,
  measured: Measured,
  { found, reduction }: { readonly found: Found; readonly reduction: ReductionReport | undefined },
): void {
  const { paint } = output;
  const { states, transitions, depth, neverReached, vacuous, satisfied, sampled } = verdict.coverage;
  switch (verdict.kind) {
    case "holds":
      output.verdict(`${paint.green(paint.bold("✓ holds"))}  everything within the scope was visited`);
      break;
    case "unknown":
      output.verdict(`${paint.yellow(paint.bold("? not decided"))}  ${limitText(verdict.limit)}`);
      for (const line of outlookLines(verdict)) output.say(`  ${line}`);
      break;
    case "violated":
      output.verdict(violatedLine(paint, found.property ?? "", found.detail ?? ""));
      tellClients(output, found.histories);
      if (found.trace !== undefined) tellStory(output, found.trace, { chain: true, loop: found.loop ?? undefined });
      output.say();
      break;
    case "crashed":
      output.verdict(`${paint.red(paint.bold("✗ node code failed"))}  ${found.detail}`);
      tellFailure(output, verdict.failure);
      break;
  }
  const rate = `${secondsText(measured.seconds)}, ${bytesText(measured.peakBytes)}`;
  const walks = sampled === undefined ? "" : `${counted(sampled.runs, "walk")}, `;
  output.say(paint.dim(`  ${walks}${countsText({ states, transitions, depth })}; ${rate}`));
  for (const line of strategyLines(verdict.coverage)) output.say(paint.dim(`  ${line}`));
  if (reduction !== undefined) tellReduction(output, reduction);
  for (const property of neverReached) output.say(`  ${paint.yellow("never reached:")} ${property}`);
  for (const property of vacuous) output.say(`  ${paint.yellow("never put to the test:")} ${property}`);
  for (const [property, count] of Object.entries(satisfied)) {
    output.say(paint.dim(`  ${property}: in ${counted(count, "state")}`));
  }
}

function writeTrace(output: Output, file: string, trace: Trace | undefined): void {
  if (trace === undefined)
    output.warn(`No trace was written to ${file}: a trace is of a violating run, and there is none.`);
  else writeWholeFile(file, traceLines(trace, { hasTime: false }));
}

function codeOf(verdict: Verdict): ExitCode {
  switch (verdict.kind) {
    case "holds":
      return exitCode.fine;
    case "violated":
      return exitCode.violated;
    case "crashed":
      return exitCode.crashed;
    case "unknown":
      return exitCode.undecided;
  }
}
