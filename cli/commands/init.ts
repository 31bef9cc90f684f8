import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Command } from "commander";
import { bundled } from "../../scenarios/bundled.js";
import { exitCode, type ExitCode } from "../exit-code.js";
import { firstScenario, firstTsconfig } from "../first-scenario.js";
import { InputError } from "../input-error.js";
import { withOutputOptions } from "../options.js";
import { Output, type OutputOptions } from "../output.js";
import { packageFolder } from "../package.js";
import { writeWholeFile } from "../write-file.js";

/** `init [name]`: writes a first scenario. */
export function initCommand(): Command {
  return withOutputOptions(new Command("init"))
    .description("Writes a commented scenario and a tsconfig.json into the current folder.")
    .argument("[name]", "the scenario's name", "lock")
    .addHelpText("after", "\nExamples:\n  $ hindcast init\n  $ hindcast init my-lock")
    .action((name: string, options: OutputOptions) => {
      process.exitCode = init(name, options);
    });
}

function init(name: string, options: OutputOptions): ExitCode {
  const output = new Output(options);
  checkName(name);
  const scenario = `${name}.ts`;
  if (existsSync(scenario)) {
    throw new InputError(
      `There is a file ${scenario} here already, and it is left as it is. Give another name: hindcast init <name>.`,
    );
  }
  const files = [scenario];
  const hasTsconfig = existsSync("tsconfig.json");
  if (!hasTsconfig) {
    writeWholeFile("tsconfig.json", firstTsconfig(typePaths()));
    files.push("tsconfig.json");
  }
  writeWholeFile(scenario, firstScenario(name));
  output.verdict(`Written: ${files.join(", ")}`);
  output.say(`${scenario} is a lock that is a lease, with a bug to find; make of it what you like.`);
  if (hasTsconfig) output.say("There is a tsconfig.json here already, which is left as it is.");
  output.say("\nNext:");
  output.say(`  ${output.paint.cyan(`npx hindcast run ./${scenario}`)}      simulates 1,000 runs, and finds its bug`);
  output.say(`  ${output.paint.cyan(`npx hindcast check ./${scenario}`)}    searches every order of events`);
  output.document({ files });
  return exitCode.fine;
}

function checkName(name: string): void {
  if (!/^[a-z][\w-]*$/i.test(name)) {
    throw new InputError(`"${name}" cannot name a scenario: use letters, digits, "-" and "_", starting with a letter.`);
  }
  if (bundled.some(({ scenario }) => scenario.name === name)) {
    throw new InputError(`There is a bundled scenario ${name}; give yours another name.`);
  }
}

/** Where the types are that a scenario imports, relative to the current folder. */
function typePaths(): { readonly [module: string]: string } {
  const immutable = path.dirname(createRequire(import.meta.url).resolve("immutable/package.json"));
  return {
    hindcast: relative(path.join(packageFolder, "dist", "index.d.ts")),
    immutable: relative(path.join(immutable, "dist", "immutable.d.ts")),
  };
}

function relative(file: string): string {
  const found = path.relative(process.cwd(), file).split(path.sep).join("/");
  return found.startsWith(".") ? found : `./${found}`;
}
