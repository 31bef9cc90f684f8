import { Command, CommanderError } from "commander";
import { AuditFailed } from "../checker/search/reduce/audit-failed.js";
import { UnusableSearch } from "../checker/search/unusable-search.js";
import { nearest } from "../sim/nearest.js";
import { exitCode } from "./exit-code.js";
import { InputError } from "./input-error.js";
import { version } from "./package.js";
import { InvalidScenario } from "../sim/invalid-scenario.js";

/** Runs a command line, the program's name left out, and gives the exit code. Nothing is thrown. */
export async function main(args: readonly string[]): Promise<number> {
  if (!process.stdout.listeners("error").includes(endQuietly)) process.stdout.on("error", endQuietly);
  try {
    const [first, second = ""] = args;
    if (first === "help" && /^\w/.test(second) && ![...commandsByName.keys(), "help"].includes(second))
      refuseCommand(second);
    await (await program(first)).parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? exitCode.fine);
  } catch (error) {
    return report(error);
  }
}

/** Whoever reads our output may stop before its end, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(exitCode.fine);
  throw error;
}

/** Each is loaded when it is asked for: loading all of them takes most commands longer than what they do. */
const commandsByName = new Map<string, () => Promise<Command>>([
  ["list", async () => (await import("./commands/list.js")).listCommand()],
  ["run", async () => (await import("./commands/run.js")).runCommand()],
  ["check", async () => (await import("./commands/check.js")).checkCommand()],
  ["replay", async () => (await import("./commands/replay.js")).replayCommand()],
  ["why", async () => (await import("./commands/why.js")).whyCommand()],
  ["why-not", async () => (await import("./commands/why-not.js")).whyNotCommand()],
  ["history", async () => (await import("./commands/history.js")).historyCommand()],
  ["init", async () => (await import("./commands/init.js")).initCommand()],
]);

/** The program with the command that is asked for, or with all of them where none is, as for help. */
async function program(asked: string | undefined): Promise<Command> {
  const one = commandsByName.get(asked ?? "");
  const commands = await Promise.all((one === undefined ? [...commandsByName.values()] : [one]).map((load) => load()));
  const hindcast = new Command("hindcast")
    .description("Simulate forwards, explain backwards: a simulator and model checker of distributed systems.")
    .version(version, "--version", "print the version")
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
  for (const command of commands) hindcast.addCommand(command);
  for (const command of [hindcast, ...commands]) {
    // Both are not inherited by commands that were made before.
    command
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .showSuggestionAfterError(true);
  }
  return hindcast;
}

function refuseCommand(typed: string): never {
  const names = [...commandsByName.keys()];
  const hint = nearest(typed, names);
  throw new InputError(
    `There is no command "${typed}"${hint === undefined ? "." : `; did you mean ${hint}?`} There are ${names.join(", ")}.`,
  );
}

/** Says what went wrong on standard error: a sentence, and a stack only where it is a bug of this tool. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.fine;
    if (error.code === "commander.help") return exitCode.unusable;
    const message = error.message.replace(/^error: (.)/, (_, first: string) => first.toUpperCase());
    process.stderr.write(`${withNearestChoice(message)}\nSee \`hindcast help\`.\n`);
    return exitCode.unusable;
  }
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

/** Adds which of its choices was meant to what commander says of an option's value that is none of them. */
function withNearestChoice(message: string): string {
  return message.replace(
    /argument '(.*)' is invalid\. Allowed choices are (.*)\.$/,
    (said: string, typed: string, choices: string) => {
      const hint = nearest(typed, choices.split(", "));
      return hint === undefined ? said : said.replace("is invalid.", `is invalid; did you mean ${hint}?`);
    },
  );
}
