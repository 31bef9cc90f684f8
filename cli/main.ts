import { Command, CommanderError } from "commander";
import { AuditFailed } from "../checker/search/reduce/audit-failed.js";
import { UnusableSearch } from "../checker/search/unusable-search.js";
import { nearest } from "../sim/nearest.js";
import { commands, commandStub } from "./commands.js";
import { exitCode } from "./exit-code.js";
import { InputError } from "./input-error.js";
import { version } from "./package.js";
import { usageError } from "./usage-error.js";
import { InvalidScenario } from "../sim/invalid-scenario.js";

/** Runs a command line, the program's name left out, and gives the exit code. Nothing is thrown. */
export async function main(args: readonly string[]): Promise<number> {
  if (!process.stdout.listeners("error").includes(endQuietly)) process.stdout.on("error", endQuietly);
  let hindcast: Command | undefined;
  try {
    const [first, second = ""] = args;
    if (first === "help" && /^\w/.test(second) && ![...commands.keys(), "help"].includes(second)) refuseCommand(second);
    hindcast = await program(args);
    await hindcast.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? exitCode.fine);
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(error, hindcast);
    return report(error);
  }
}

/** Whoever reads our output may stop before its end, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(exitCode.fine);
  throw error;
}

/** The program with the command that is asked for, or with stubs of all where none is, as for its help. */
async function program(args: readonly string[]): Promise<Command> {
  const asked = args.find((arg) => arg !== "help" && !arg.startsWith("-"));
  const one = commands.get(asked ?? "");
  const shown =
    one === undefined ? [...commands].map(([name, listed]) => commandStub(name, listed)) : [await one.load()];
  const hindcast = new Command("hindcast")
    .description("Simulate forwards, explain backwards: a simulator and model checker of distributed systems.")
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "show help for a command")
    .usage("<command> [options]")
    .addHelpText(
      "after",
      `
Examples:
  $ hindcast check zardozbook           find a race, and see how it comes about
  $ hindcast replay zardozbook/paper    see the paper's own story of it
  $ hindcast init lock                  begin a scenario of your own`,
    );
  hindcast.on("command:*", ([typed = ""]: readonly string[]) => refuseCommand(typed));
  for (const command of shown) hindcast.addCommand(command);
  for (const command of [hindcast, ...shown]) {
    // Both are not inherited by commands that were made before.
    command
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .showSuggestionAfterError(false);
  }
  return hindcast;
}

function refuseCommand(typed: string): never {
  const names = [...commands.keys()];
  const hint = nearest(typed, names);
  throw new InputError(
    `There is no command "${typed}"${hint === undefined ? "." : `; did you mean ${hint}?`} There are ${names.join(", ")}.`,
  );
}

/** Says what is wrong with the command line; what commander calls errors too is help and the version. */
function reportUsage(error: CommanderError, hindcast: Command | undefined): number {
  if (error.exitCode === 0) return exitCode.fine;
  if (error.code === "commander.help") return exitCode.unusable;
  const loaded = hindcast?.commands ?? [];
  process.stderr.write(`${usageError(error, loaded.length === 1 ? loaded[0] : undefined)}\n`);
  return exitCode.unusable;
}

/** Says what went wrong on standard error: a sentence, and a stack only where it is a bug of this tool. */
function report(error: unknown): number {
  if (error instanceof InputError || error instanceof InvalidScenario || error instanceof UnusableSearch) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.unusable;
  }
  if (error instanceof AuditFailed) {
    process.stderr.write(`${error.message}.\nThis is a bug of Hindcast; please report it, and leave --reduce out.\n`);
    return exitCode.bug;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a bug of Hindcast; please report it.\n${stack}\n`);
  return exitCode.bug;
}
