import type { Command, CommanderError } from "commander";
import { nearest } from "../sim/nearest.js";

/** What is wrong with a command line, and what to do next, as sentences; `command` is the one that was asked for. */
export function usageError(error: CommanderError, command: Command | undefined): string {
  const message = error.message.replace(/^error: (.)/, (_, first: string) => first.toUpperCase());
  const advice = `See \`hindcast help${command === undefined ? "" : ` ${command.name()}`}\`.`;
  const explained = command === undefined ? message : withMeantOption(withWhatIsMissing(message, command), command);
  return `${withNearestChoice(explained)}\n${advice}`;
}

/** Adds to what is missing what it is. */
function withWhatIsMissing(message: string, { registeredArguments, options }: Command): string {
  const [, argument, flags] =
    /^(?:Missing required argument|Required option) '(?:([^-].*)|(--.*))'/.exec(message) ?? [];
  const described =
    registeredArguments.find((one) => one.name() === argument) ?? options.find((one) => one.flags === flags);
  if (described === undefined) return message;
  const choices = described.argChoices === undefined ? "" : ` (${described.argChoices.join(", ")})`;
  return `${message}: ${described.description}${choices}`;
}

/** Adds to an unknown option which was meant: one that has it as a word or as a choice, as `--depth` or `--symmetry`, or looks like it. */
function withMeantOption(message: string, { options }: Command): string {
  return message.replace(/^Unknown option '--([\w-]+)'$/, (said: string, typed: string) => {
    const all = options.map((option) => ({ ...option, name: option.long ?? "" }));
    if (all.some(({ name }) => name === `--${typed}`)) return `${said} before the command; give it after that.`;
    const chosen = all.find(({ argChoices }) => argChoices?.includes(typed) === true);
    const hint =
      all.find(({ name }) => name.slice(2).split("-").includes(typed))?.name ??
      (chosen === undefined
        ? nearest(
            `--${typed}`,
            all.map(({ name }) => name),
          )
        : `${chosen.name} ${typed}`);
    return hint === undefined ? said : `${said}; did you mean ${hint}?`;
  });
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
