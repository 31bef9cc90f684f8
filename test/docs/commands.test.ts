import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { Folder } from "../cli/command-line.js";
import { blocksOf, type Command, commandsOf, fileNameOf, textOf, tutorials } from "./markdown.js";
import { differenceOf } from "./transcript.js";

const folder = new Folder();

/** A file that people are told to save. */
interface Saving {
  readonly save: string;
  readonly text: string;
}

/** What a document tells people to do, in its order: files to save and commands to type. */
function stepsOf(document: string): readonly (Saving | Command)[] {
  return blocksOf(document).flatMap((block): readonly (Saving | Command)[] => {
    const save = fileNameOf(block);
    if (save !== undefined) return [{ save, text: block.text }];
    return block.language === "console" ? commandsOf(block) : [];
  });
}

describe.each(tutorials)("%s", (document) => {
  const empty = new Folder();

  test("its commands, typed in its order in an empty folder, end and print as it says", async () => {
    for (const step of stepsOf(document)) {
      if ("save" in step) {
        empty.write(step.save, step.text);
        continue;
      }
      const where = `${document}:${step.line}: hindcast ${step.args.join(" ")}`;
      const { code, stdout, stderr } = await empty.run(step.args);
      expect(code, `${where}\n${stderr}`).toBe(step.exitCode);
      expect(differenceOf(step.shown, stdout === "" ? stderr : stdout), where).toBeUndefined();
    }
  });

  test("each of its other files of code is complete: it is a file to save", () => {
    const unnamed = blocksOf(document).filter((block) => block.language === "ts" && fileNameOf(block) === undefined);
    expect(unnamed.map(({ line }) => line)).toEqual([]);
  });
});

test("a transcript with another line, or with fewer lines than it says, is told from the output", () => {
  expect(differenceOf(["a", "  3 states; 0.1 s, 60 MB"], "a\n  3 states; 12 s, 1.2 GB\n")).toBeUndefined();
  expect(differenceOf(["a", "[... 2 lines ...]", "d"], "a\nb\nc\nd\n")).toBeUndefined();
  expect(differenceOf(["a", "4 states; 0.1 s"], "a\n3 states; 0.1 s\n")).toMatch("line 2");
  expect(differenceOf(["a", "[... 1 line ...]", "d"], "a\nb\nc\nd\n")).toMatch("line 3");
  expect(differenceOf(["a"], "a\nb\n")).toMatch("2 lines");
});

test("the README's table has every command of `hindcast help`, and no other", async () => {
  const { stdout } = await folder.run(["help"]);
  const known = [...(stdout.split("Commands:")[1] ?? "").matchAll(/^ {2}(\w[\w-]*) /gm)].map(([, name]) => name);
  const table = textOf("README.md").split("## Commands")[1]?.split("##")[0] ?? "";
  const named = [...table.matchAll(/^\| `([\w-]+)/gm)].map(([, name]) => name);
  expect(known.length).toBeGreaterThan(5);
  expect(named.sort()).toEqual(known.filter((name) => name !== "help").sort());
});

/** A row of the README's table of scenarios. */
interface Row {
  readonly label: string;
  readonly scenario: string;
  readonly params: readonly string[];
  readonly verdict: string;
  readonly states: number;
}

function sectionOfScenarios(): string {
  return textOf("README.md").split("## Bundled scenarios")[1]?.split("\n## ")[0] ?? "";
}

function rowsOfScenarios(): readonly Row[] {
  return [...sectionOfScenarios().matchAll(/^\| `([\w-]+)`\s*\|([^|]*)\|([^|]*)\| *([\d,]+) *\|/gm)].map(
    ([, scenario = "", params = "", verdict = "", states = ""]) => ({
      label: `${scenario} ${params.replaceAll("`", "").trim()}`.trim(),
      scenario,
      params: params
        .replaceAll("`", "")
        .trim()
        .split(" ")
        .filter((one) => one !== ""),
      verdict: verdict.trim(),
      states: Number(states.replaceAll(",", "")),
    }),
  );
}

const smallRows = rowsOfScenarios().filter(({ states }) => states < 200_000);

test("the README tells of all bundled scenarios, and its table has each fix of zardozbook", async () => {
  const rows = rowsOfScenarios();
  const { document } = await folder.json(["list"]);
  const names = (document.scenarios as { readonly name: string }[]).map(({ name }) => name);
  expect(names.filter((name) => !sectionOfScenarios().includes(`\`${name}\``))).toEqual([]);
  expect(rows.filter(({ scenario }) => !names.includes(scenario))).toEqual([]);
  const fixes = new Set(rows.flatMap(({ params }) => params.filter((one) => one.startsWith("fix="))));
  expect(fixes.size).toBe(5);
  expect(smallRows.length).toBeGreaterThan(8);
});

test.each(smallRows)("$label has the verdict and the states of the README's table", async (row) => {
  const args = row.params.flatMap((param) => ["--param", param]);
  const { document } = await folder.json(["check", row.scenario, ...args]);
  const { verdict, states, steps } = document as { verdict: string; states: number; steps: number | null };
  expect({ verdict: steps === null ? verdict : `${verdict} in ${steps} steps`, states }).toEqual({
    verdict: row.verdict,
    states: row.states,
  });
});

test("the states of two-phase commit in the README are those of the closed form", () => {
  const rows = rowsOfScenarios().filter(({ scenario }) => scenario === twoPhaseCommit.name);
  expect(rows.length).toBeGreaterThan(2);
  for (const { params, states } of rows) {
    const n = Number(/^rms=(\d+)$/.exec(params[0] ?? "rms=3")?.[1]);
    expect(states).toBe(2 ** n + 4 ** n + 6 ** n);
  }
});

test("the two commands of the README are those of package.json and of continuous integration", () => {
  const readme = textOf("README.md");
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { [name: string]: string } };
  expect(readme).toMatch(/^npm ci && npm start\b/m);
  expect(readme).toMatch(/^npm ci && npm test\b/m);
  expect(scripts.start).toMatch(/check zardozbook\b/);
  expect(readFileSync(".ci/run", "utf8")).toMatch(/^npm ci && npm test$/m);
});
