import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

/** All that git knows or would take in. */
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file.endsWith(".ts"));
const rooms = files.filter((file) => /^(sim|nodes|checker|observe|scenarios|report|cli)\//.test(file));
const below = rooms.filter((file) => !file.startsWith("cli/"));

/** Files that are allowed to be longer than the habit of 200 lines, each with its reason. */
const longFiles = new Map([
  ["sim/compile.ts", "every contradiction of a definition has its sentence here"],
  ["checker/search/engine/engine.ts", "the search loop, which is read as one"],
  ["checker/provenance/flow.ts", "the forward analysis of what each input may read and change, which is read as one"],
  ["checker/history/just-in-time.ts", "the search for a legal order, which is read as one"],
]);

/** Functions that are allowed to be longer than the habit of 50 lines. */
const longFunctions = new Map([
  ["cli/first-scenario.ts firstScenario", "the text of the file that init writes"],
  ["scenarios/raft/server.ts raftServer", "the handlers of one node, a line or two each"],
]);

function textOf(file: string): string {
  return readFileSync(file, "utf8");
}

test("imports point down, and only index.ts re-exports", () => {
  const run = () =>
    execFileSync("npx", ["depcruise", "--config", ".dependency-cruiser.cjs", ...rooms], { encoding: "utf8" });
  expect(run).not.toThrow();
});

test("no file has grown far beyond 200 lines", () => {
  const long = rooms.filter((file) => textOf(file).split("\n").length > 270 && !longFiles.has(file));
  expect(long).toEqual([]);
});

test("no function has grown far beyond 50 lines", () => {
  const long = rooms.flatMap((file) =>
    functionsOf(file)
      .filter(({ name, lines }) => lines > 75 && !longFunctions.has(`${file} ${name}`))
      .map(({ name, lines }) => `${file} ${name} ${lines}`),
  );
  expect(long).toEqual([]);
});

test("the clock, dice, the console and the process stay in cli/", () => {
  const banned =
    /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|console\.|process\.|setTimeout\(|setInterval\(|setImmediate\()/;
  const found = below
    .filter((file) => file !== "sim/guard.ts")
    .flatMap((file) =>
      textOf(file)
        .split("\n")
        .flatMap((line, i) => (banned.test(withoutText(line)) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
});

test("only index.ts exports what another file declares", () => {
  const found = rooms.filter((file) => /^export .* from "/m.test(textOf(file)));
  expect(found).toEqual([]);
});

test("no leftover marks, no focused or skipped tests, no escape from the types", () => {
  const marks =
    /\b(TODO|FIXME|XXX|HACK)\b|\b(it|test|describe)\.only\b|@ts-ignore|@ts-expect-error|\bas any\b|:\s*any\s*[;,)=\]>[]/;
  const found = files
    .filter((file) => !file.startsWith("test/tidy/"))
    .flatMap((file) =>
      textOf(file)
        .split("\n")
        .flatMap((line, i) => (marks.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
});

/** A line of code without its strings and comments. */
function withoutText(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|`[^`]*`|'[^']*'/g, '""')
    .replace(/\/\/.*$/, "")
    .replace(/^\s*\/?\*.*$/, "");
}

function functionsOf(file: string): { readonly name: string; readonly lines: number }[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body !== undefined) {
      const [from, to] = [node.getStart(), node.getEnd()].map((at) => source.getLineAndCharacterOfPosition(at).line);
      found.push({ name: node.name?.getText() ?? "?", lines: (to ?? 0) - (from ?? 0) + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
