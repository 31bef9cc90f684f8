import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();
folder.write("counter.ts", counterScenario());
folder.write("syntax.ts", "export const a = 1;\nconst b = ;\n");
folder.write("none.ts", "export const a = 1;\n");
folder.write(
  "two.ts",
  'export { scenario as one } from "./counter.js";\nexport { scenario as two } from "./other.js";\n',
);
folder.write("other.ts", counterScenario());
folder.write("misspelt.ts", 'import { defineScenari } from "hindcast";\n\nexport const a = defineScenari({});\n');
folder.write("absent.ts", 'import { a } from "./nowhere.js";\nexport const b = a;\n');
folder.write("throws.ts", "const nothing = null as never as { b: 1 };\n\nexport const a = nothing.b;\n");
folder.write("node.ts", counterScenario({ define: "initial: { countr: [] }," }));
folder.write("target.ts", counterScenario().replace('operation(nodeId("counter")', 'operation(nodeId("countre")'));
folder.write("negative.ts", counterScenario({ define: "faults: { drop: -1 }," }));
folder.write("misspelt-field.ts", counterScenario({ define: "fault: { drop: 1 }," }));
folder.write("define.ts", counterScenario({ define: "...(null as never as { parts: object }).parts," }));
folder.write("dice.ts", counterScenario({ define: "faults: { drop: Math.floor(Math.random() * 2) }," }));
folder.write("package.json", '{ "name": "mine" }\n');

const schedule = {
  format: 1,
  scenario: "counter.ts",
  parameters: {},
  faults: {},
  property: null,
  step: null,
  origin: { strategy: "timed", seed: 1 },
  code: null,
  choices: ["invoke @ann:0"],
};
const schedules: { readonly [name: string]: string } = {
  truncated: JSON.stringify(schedule, null, 2).slice(0, 120),
  "not-json": "choices: invoke\n",
  format: JSON.stringify({ ...schedule, format: 7 }),
  shape: JSON.stringify({ ...schedule, choices: [1] }),
  gone: JSON.stringify({ ...schedule, scenario: "gone.ts" }),
  unknown: JSON.stringify({ ...schedule, scenario: "zardozbok" }),
  parameter: JSON.stringify({ ...schedule, parameters: { servers: 3 } }),
};
for (const [name, text] of Object.entries(schedules)) folder.write(`${name}.schedule.json`, text);

const before = readdirSync(folder.path).sort();

test.each([
  ["a command that is unknown", "chek zardozbook", /no command "chek"; did you mean check\?/],
  [
    "a scenario that throws dice where it is defined",
    "check dice.ts",
    /^The scenario counter \(dice\.ts\) cannot be used: its define uses Math\.random at dice\.ts:\d+:\d+, so that it would be another one each time; give it a parameter instead\.$/m,
  ],
  [
    "help for a command that is unknown",
    "help chek",
    /^There is no command "chek"; did you mean check\? There are list, /,
  ],
  [
    "a choice that is unknown",
    "check counter.ts --reduce symetry",
    /'symetry' is invalid; did you mean symmetry\? Allowed choices are none, symmetry, por, all\.\n/,
  ],
  [
    "a scenario for a schedule",
    "why zardozbook",
    /^zardozbook is a scenario, and no schedule of it: `hindcast check zardozbook` or `hindcast run zardozbook` writes one/,
  ],
  ["a scenario file for a schedule", "replay counter.ts", /^counter\.ts is a scenario, and no schedule of it: /],
  [
    "a schedule for a scenario",
    "run zardozbook/paper",
    /^zardozbook\/paper is a schedule, which `hindcast replay zard/,
  ],
  ["a schedule file for a scenario", "check format.schedule.json", /^format\.schedule\.json is a schedule, which /],
  [
    "a flag that is unknown",
    "run counter.ts --sed 3",
    /Unknown option '--sed'; did you mean --seed\?\nSee `hindcast help run`\.\n$/,
  ],
  ["a word of a flag's name", "check counter.ts --states 9", /Unknown option '--states'; did you mean --max-states\?/],
  ["a flag's choice as a flag", "check counter.ts --symmetry", /'--symmetry'; did you mean --reduce symmetry\?/],
  ["a flag before the command", "--quiet check counter.ts", /'--quiet' before the command; give it after that\./],
  ["a flag that is like no other", "check counter.ts --bogus", /^Unknown option '--bogus'\nSee `hindcast help check`/],
  [
    "a strategy that is unknown",
    "check counter.ts --strategy bredth-first",
    /no strategy "bredth-first"; did you mean breadth-first\? There are breadth-first, depth-first/,
  ],
  [
    "a bound for a strategy without",
    "check counter.ts --bound 2",
    /^breadth-first takes no --bound: .*delay-bounded or pct/,
  ],
  ["a negative bound", "check counter.ts --strategy pct --bound -1", /--bound.*whole number from 0/],
  ["a depth of no bug", "check counter.ts --strategy pct --bound 0", /--bound 0 is no depth of a bug.*from 1/],
  ["runs of a search", "check counter.ts --strategy depth-first --runs 9", /takes no --runs: .*random, pct or swarm/],
  ["a seed of a search", "check counter.ts --strategy delay-bounded --seed 9", /delay-bounded takes no --seed/],
  ["steps of a search", "check counter.ts --max-steps 9", /breadth-first takes no --max-steps/],
  ["no runs", "check counter.ts --strategy random --runs 0", /--runs.*whole number from 1/],
  [
    "best-first without a score",
    "check counter.ts --strategy best-first",
    /counter has no score.*`score: \(view\) => number`/,
  ],
  ["a count that is none", "run counter.ts --runs -3", /whole number from 1/],
  [
    "an argument that is missing",
    "run",
    /Missing required argument 'scenario': a bundled name.*\nSee `hindcast help run`/,
  ],
  ["a model that is missing", "history h.jsonl", /'--model <name>' not specified: what the clients used \(register, /],
  [
    "the name of a file without its ending",
    "check counter",
    /no bundled scenario "counter"; did you mean \.\/counter\.ts\?/,
  ],
  ["a scenario that is unknown", "check zardozbok", /no bundled scenario "zardozbok"; did you mean zardozbook\?/],
  ["a scenario file that is missing", "check nope.ts", /nope\.ts cannot be read: there is no such file.*hindcast init/],
  ["a scenario file that is a folder", "check folder.ts", /folder\.ts is a folder/],
  [
    "a scenario file that does not compile",
    "check syntax.ts",
    /does not compile: Unexpected token at syntax\.ts:2:1\d/,
  ],
  ["a scenario file without a scenario", "check none.ts", /none\.ts exports no scenario\. Export one/],
  [
    "a scenario file with several",
    "check two.ts",
    /exports 2 scenarios: one, two\. Make the one that you mean its default/,
  ],
  ["an import that hindcast has not", "check misspelt.ts", /imports defineScenari from hindcast.*misspelt\.ts:3/],
  ["an import of a file that is missing", "check absent.ts", /imports \.\/nowhere\.js, which cannot be found/],
  ["a file that throws while loading", "check throws.ts", /throws while it is loaded: .*null.*throws\.ts:3:/],
  ["an unknown node in the initial data", "check node.ts", /no node countr; did you mean counter\?.*\(node\.ts\)/],
  [
    "an operation for an unknown node",
    "check target.ts",
    /asks countre, which is no node; did you mean counter\?.*\(target\.ts\)/,
  ],
  ["a negative fault budget in the file", "check negative.ts", /drop=-1 cannot be used: give a whole number from 0/],
  [
    "a misspelt field of a definition",
    "check misspelt-field.ts",
    /has the field fault, which nothing reads; did you mean faults\?.*\(misspelt-field\.ts\)/,
  ],
  [
    "a definition that throws",
    "check define.ts",
    /its define throws with these parameters: .*parts.*\n\s+at .*define\.ts:\d+/,
  ],
  ["an unknown parameter", "check zardozbook --param server=3", /no parameter server.*did you mean servers\?/],
  [
    "a value that a parameter does not take",
    "check zardozbook --param servers=4",
    /servers=4 cannot be used: it takes 2\|3/,
  ],
  [
    "a negative budget parameter",
    "check zardozbook --param beats=-1",
    /beats=-1 cannot be used: it takes a whole number/,
  ],
  ["a parameter without a value", "check zardozbook --param servers", /takes name=value/],
  ["an unknown fault", "check counter.ts --faults dorp=1", /no fault "dorp"; did you mean drop\?/],
  ["a negative fault budget", "check counter.ts --faults drop=-1", /drop=-1 is no count/],
  ["a schedule that is missing", "replay zardozbook/papr", /cannot be read.*did you mean zardozbook\/paper\?/],
  ["a schedule that is truncated", "replay truncated.schedule.json", /is truncated: it ends in the middle/],
  ["a schedule that is not JSON", "replay not-json.schedule.json", /is not JSON/],
  ["a schedule of another format", "replay format.schedule.json", /has format 7, and this version reads format 1/],
  ["a schedule of another shape", "replay shape.schedule.json", /is no schedule at choices\.0/],
  ["JSON that is no schedule", "replay package.json", /package\.json is no schedule/],
  ["a schedule whose scenario is gone", "replay gone.schedule.json", /is of the scenario gone\.ts\. .*cannot be read/],
  [
    "a schedule of another scenario",
    "replay unknown.schedule.json",
    /is of the scenario zardozbok\. .*did you mean zardozbook/,
  ],
  ["a schedule with parameters of another", "replay parameter.schedule.json", /counter has no parameter servers/],
  [
    "an output that cannot be written",
    "run counter.ts --runs 1 --trace no/such/folder.jsonl",
    /cannot be written.*no such file or folder/,
  ],
])("%s is refused with one sentence, exit code 2, and no file left behind", async (_what, line, message) => {
  if (line.includes("folder.ts")) folder.write("folder.ts/inner.txt", "");

  const { code, stdout, stderr } = await folder.run(line.split(" "));

  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/node_modules|at async|bug of Hindcast/);
  expect({
    code,
    files: readdirSync(folder.path)
      .filter((file) => file !== "folder.ts")
      .sort(),
  }).toEqual({
    code: 2,
    files: before,
  });
  expect(stdout).not.toContain("{");
});
