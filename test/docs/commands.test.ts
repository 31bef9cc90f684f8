import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { blocksOf, type Command, commandsOf, fileNameOf, textOf, tutorials } from "./markdown.js";
import { differenceOf } from "./transcript.js";

const bin = path.resolve("cli/bin.js");

function hindcast(args: readonly string[], folder: string) {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync("node", [bin, ...args], { cwd: folder, encoding: "utf8", env });
  return { status, output: stdout === "" ? stderr : stdout, stderr };
}

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
  test("its commands, typed in its order in an empty folder, end and print as it says", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "hindcast-docs-"));
    try {
      for (const step of stepsOf(document)) {
        if ("save" in step) {
          writeFileSync(path.join(folder, step.save), step.text);
          continue;
        }
        const where = `${document}:${step.line}: hindcast ${step.args.join(" ")}`;
        const { status, output, stderr } = hindcast(step.args, folder);
        expect(status, `${where}\n${stderr}`).toBe(step.exitCode);
        expect(differenceOf(step.shown, output), where).toBeUndefined();
      }
    } finally {
      rmSync(folder, { recursive: true });
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

test("the README's table has every command of `hindcast help`, and no other", () => {
  const { output } = hindcast(["help"], ".");
  const known = [...(output.split("Commands:")[1] ?? "").matchAll(/^ {2}(\w[\w-]*) /gm)].map(([, name]) => name);
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

function rowsOfScenarios(): readonly Row[] {
  const table = textOf("README.md").split("## Bundled scenarios")[1]?.split("\n## ")[0] ?? "";
  return [...table.matchAll(/^\| `([\w-]+)`\s*\|([^|]*)\|([^|]*)\| *([\d,]+) *\|/gm)].map(
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

const smallRows = rowsOfScenarios().filter(({ states }) => states < 300_000);

test("the README's table has all bundled scenarios and each fix of zardozbook", () => {
  const rows = rowsOfScenarios();
  expect([...new Set(rows.map(({ scenario }) => scenario))].sort()).toEqual(
    JSON.parse(hindcast(["list", "--json"], ".").output)
      .scenarios.map(({ name }: { name: string }) => name)
      .sort(),
  );
  const fixes = new Set(rows.flatMap(({ params }) => params.filter((one) => one.startsWith("fix="))));
  expect(fixes.size).toBe(5);
  expect(smallRows.length).toBeGreaterThan(8);
});

test.each(smallRows)("$label has the verdict and the states of the README's table", (row) => {
  const folder = mkdtempSync(path.join(tmpdir(), "hindcast-docs-"));
  try {
    const args = row.params.flatMap((param) => ["--param", param]);
    const { output } = hindcast(["check", row.scenario, ...args, "--json"], folder);
    const { verdict, states, steps } = JSON.parse(output) as { verdict: string; states: number; steps: number | null };
    expect({ verdict: steps === null ? verdict : `${verdict} in ${steps} steps`, states }).toEqual({
      verdict: row.verdict,
      states: row.states,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
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
