import { Command } from "commander";
import { grouped } from "../../report/numbers.js";
import { bundled } from "../../scenarios/bundled.js";
import { describeParameter } from "../../sim/parameter.js";
import { withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import { bundledSchedules } from "../schedule-file.js";

/** `list`: what comes with the tool. */
export function listCommand(): Command {
  return withOutputOptions(new Command("list"))
    .description("Lists the bundled scenarios with their parameters and scopes, and the bundled schedules.")
    .addHelpText("after", "\nExamples:\n  $ hindcast list\n  $ hindcast list --json")
    .action((options: OutputOptions) => {
      list(new Output(options));
    });
}

function list(output: Output): void {
  const { paint } = output;
  for (const { scenario, states } of bundled) {
    output.verdict(`${paint.bold(scenario.name)}  ${scenario.about}`);
    for (const [name, parameter] of Object.entries(scenario.parameters)) {
      output.say(`  --param ${paint.cyan(`${name}=${parameter.default}`)}  ${paint.dim(describeParameter(parameter))}`);
    }
    output.say(paint.dim(`  ${scenario.scope}${states === null ? "" : ` By default ${grouped(states)} states.`}`));
    output.say();
  }
  output.say("Schedules, for replay and why:");
  for (const { name } of bundledSchedules()) output.say(`  ${paint.bold(name)}`);
  output.document({
    scenarios: bundled.map(({ scenario, states }) => ({
      name: scenario.name,
      about: scenario.about,
      parameters: scenario.parameters,
      scope: scenario.scope,
      states,
    })),
    schedules: bundledSchedules().map(({ name }) => name),
  });
}
