import { Command } from "commander";

/** A command, as the help of the whole tool lists it, and how it is loaded. */
export interface ListedCommand {
  /** Its arguments, in commander's notation. */
  readonly takes: string;
  readonly does: string;
  readonly load: () => Promise<Command>;
}

/** The commands by name. Each is loaded when it is asked for: loading all of them takes most longer than what they do. */
export const commands: ReadonlyMap<string, ListedCommand> = new Map([
  listed("list", "", "list the bundled scenarios and schedules", async () => {
    return (await import("./commands/list.js")).listCommand();
  }),
  listed("run", "<scenario>", "simulate many seeds", async () => {
    return (await import("./commands/run.js")).runCommand();
  }),
  listed("check", "<scenario>", "search every schedule within the scope", async () => {
    return (await import("./commands/check.js")).checkCommand();
  }),
  listed("replay", "<schedule>", "follow a schedule", async () => {
    return (await import("./commands/replay.js")).replayCommand();
  }),
  listed("why", "<schedule> [event]", "explain an outcome of a schedule", async () => {
    return (await import("./commands/why.js")).whyCommand();
  }),
  listed(
    "why-not",
    "<schedule> <event>",
    "explain why an event did not change an outcome, and what would have",
    async () => {
      return (await import("./commands/why-not.js")).whyNotCommand();
    },
  ),
  listed("history", "<files...>", "judge a recorded history", async () => {
    return (await import("./commands/history.js")).historyCommand();
  }),
  listed("init", "[name]", "write a first scenario of your own", async () => {
    return (await import("./commands/init.js")).initCommand();
  }),
]);

function listed(name: string, takes: string, does: string, load: () => Promise<Command>): [string, ListedCommand] {
  return [name, { takes, does, load }];
}

/** What stands for a command in the help of the whole tool, without loading it. */
export function commandStub(name: string, { takes, does }: ListedCommand): Command {
  const stub = new Command(name).summary(does);
  return takes === "" ? stub : stub.arguments(takes);
}
