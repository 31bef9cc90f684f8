import { performance } from "node:perf_hooks";
import { Command, InvalidArgumentError, Option } from "commander";
import { Cursor } from "../../checker/history/formats/cursor.js";
import { readJson } from "../../checker/history/formats/json.js";
import { readHistory } from "../../checker/history/formats/read-history.js";
import { formatNames, type FormatName, writeHistory } from "../../checker/history/formats/write-history.js";
import { consistencyNames } from "../../checker/history/consistency.js";
import {
  type HistoryModelName,
  historyModelNames,
  type HistoryQuestion,
  judgeHistory,
} from "../../checker/history/judge-history.js";
import type { History } from "../../checker/history/operation.js";
import { isolationNames } from "../../checker/history/transactions/isolation.js";
import { UnusableHistory } from "../../checker/history/unusable-history.js";
import { historyText } from "../../report/history.js";
import { historyJson } from "../../report/history-json.js";
import type { Value } from "../../sim/value.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { InputError } from "../input-error.js";
import { duration, withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import { shownPath } from "../place.js";
import { readText } from "../read-text.js";
import { writeWholeFile } from "../write-file.js";

interface HistoryOptions extends OutputOptions {
  readonly model: HistoryModelName;
  readonly consistency?: string;
  readonly partition: boolean;
  readonly keyed?: boolean;
  readonly initial?: { readonly value: Value };
  readonly timeLimit?: number;
  readonly out?: string;
  readonly format: FormatName;
}

/** `history <files...> --model <name>`: judges recorded histories. */
export function historyCommand(): Command {
  const command = new Command("history")
    .description(
      "Judges what clients saw of a system: Jepsen logs, EDN or JSON operation maps, or JSON lines of operations.",
    )
    .argument("<files...>", "recorded histories")
    .addOption(new Option("--model <name>", "what the clients used").choices(historyModelNames).makeOptionMandatory())
    .option(
      "--consistency <name>",
      `what to ask: ${consistencyNames.join(", ")} (default: linearizable); for transactions an isolation level ` +
        `(default: strict-serializable)`,
    )
    .option("--no-partition", "search over all keys at once")
    .option("--keyed", "values are pairs [key value], as those of Jepsen's independent keys")
    .option("--initial <json>", "what the object holds at first", initialValue)
    .option("--time-limit <time>", "give up after so long (90s, 5m) with the verdict unknown", duration)
    .option("--out <file>", "write the history, in the format of --format")
    .addOption(new Option("--format <name>", "the format of --out").choices(formatNames).default("lines"));
  return withOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast history etcd.log --model cas-register
  $ hindcast history one.edn two.edn --model key-value --consistency sequential
  $ hindcast history transactions.json --model list-append --consistency serializable

Isolation levels: ${isolationNames.join(", ")}.
Exit codes: 0 holds, 1 violated, 2 unusable input, 3 undecided; of several files the worst, in the order 2, 1, 3, 0.`,
    )
    .action((files: readonly string[], options: HistoryOptions) => {
      process.exitCode = judgeFiles(files, options);
    });
}

function judgeFiles(files: readonly string[], options: HistoryOptions): ExitCode {
  if (options.out !== undefined && files.length > 1) {
    throw new InputError("--out takes one history, and several files are given; convert them one by one.");
  }
  const output = new Output(options);
  const results = files.map((file) => judgeFile(file, options, output));
  output.document(results.length === 1 ? results[0]?.document : { histories: results.map(({ document }) => document) });
  const codes = results.map(({ code }) => code);
  const worst = [exitCode.unusable, exitCode.violated, exitCode.undecided].find((code) => codes.includes(code));
  return worst ?? exitCode.fine;
}

interface Result {
  readonly code: ExitCode;
  readonly document: object;
}

function judgeFile(file: string, options: HistoryOptions, output: Output): Result {
  const name = shownPath(file);
  try {
    const started = performance.now();
    const warn = (sentence: string): void => output.warn(sentence);
    const reading = { file: name, keyed: options.keyed === true, warn };
    const history = readHistory(readText(file, "a recorded history"), reading);
    const judging = performance.now();
    const verdict = judgeHistory(history, questionOf(options, judging));
    const judged = performance.now();
    if (options.out !== undefined) writeOut(options.out, history, options.format, output);
    const { headline, lines } = historyText(history, verdict, name, output.paint);
    output.verdict(headline);
    for (const line of lines) output.say(line);
    const measured = { readSeconds: (judging - started) / 1000, seconds: (judged - judging) / 1000 };
    const code = { holds: exitCode.fine, violated: exitCode.violated, unknown: exitCode.undecided }[
      verdict.judgement.kind
    ];
    return { code, document: { file: name, ...historyJson(history, verdict, options.model), measured } };
  } catch (error) {
    if (!(error instanceof UnusableHistory) && !(error instanceof InputError)) throw error;
    const message = error.message.includes(name) ? error.message : `${name}: ${error.message}`;
    output.warn(message);
    return { code: exitCode.unusable, document: { file: name, verdict: null, error: message } };
  }
}

function questionOf(
  { model, consistency, partition, initial, timeLimit }: HistoryOptions,
  started: number,
): HistoryQuestion {
  const end = timeLimit === undefined ? Infinity : started + timeLimit * 1000;
  return {
    model,
    partition,
    ...(consistency === undefined ? {} : { consistency }),
    ...(initial === undefined ? {} : { initial: initial.value }),
    shouldStop: () => performance.now() > end,
  };
}

function writeOut(file: string, history: History, format: FormatName, output: Output): void {
  writeWholeFile(file, writeHistory(history, format));
  output.say(`Written to ${shownPath(file)}`);
}

function initialValue(text: string): { readonly value: Value } {
  try {
    return { value: readJson(new Cursor(text)) };
  } catch {
    throw new InvalidArgumentError('It takes a JSON value, such as 0 or "".');
  }
}
