import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { commands } from "../../cli/commands.js";
import { version } from "../../cli/package.js";
import { withoutMeasures } from "../docs/transcript.js";
import { type Ended, Folder } from "./command-line.js";

const folder = new Folder();

test("--version prints the version, and help of every command has examples", async () => {
  expect(await folder.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  for (const command of ["", "list", "run", "check", "replay", "why", "why-not", "history", "init"]) {
    const { code, stdout } = await folder.run([...(command === "" ? [] : [command]), "--help"]);

    expect(stdout, command).toMatch(new RegExp(`Examples:\\n  \\$ hindcast ${command}`));
    expect(stdout, command).not.toMatch(/default: \{|undefined|\[object/);
    expect(code).toBe(0);
  }
});

test("the help of the whole tool lists each command with the arguments that it takes", async () => {
  const { stdout } = await folder.run(["--help"]);
  const listed = [...stdout.matchAll(/^ {2}([a-z-]+)((?: [<[][a-z.]+[>\]])*) {2,}\S/gm)].slice(0, -1);

  expect(listed.map(([, name]) => name)).toEqual([...commands.keys()]);
  for (const [, name = "", takes = ""] of listed) {
    const help = await folder.run(["help", name]);
    expect(help.stdout).toMatch(`Usage: hindcast ${name} [options]${takes}\n`);
    expect(help).toEqual(await folder.run([name, "--help"]));
  }
});

const history = `{"process":0,"type":"invoke","f":"write","value":1}
{"process":0,"type":"ok","f":"write","value":1}
`;

// The other tests run command lines in their own process.
test.each([
  "list",
  "run zardozbook --runs 20",
  "check zardozbook --param stores=folded",
  "replay zardozbook/paper",
  "why zardozbook/paper",
  "why-not zardozbook/paper 1 --max-states 300",
  "history history.jsonl --model register",
  "init lock",
  "chek",
  "",
])("in a process of its own, `hindcast %s` ends and prints as it does in this one", async (line) => {
  const args = line === "" ? [] : [...line.split(" "), "--json"];
  const ended: Ended[] = [];
  for (const how of ["run", "spawn"] as const) {
    const folder = new Folder();
    folder.write("history.jsonl", history);
    const { code, stdout, stderr } = await folder[how](args);
    ended.push({
      code,
      stdout: stdout.replace(/"measured": \{[^}]*\}/, ""),
      stderr: stderr.split("\n").map(withoutMeasures).join("\n"),
    });
    folder.remove();
  }

  expect(ended[1]).toEqual(ended[0]);
});

test("without a command, help goes to standard error", async () => {
  const { code, stdout, stderr } = await folder.run([]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: hindcast <command> [options]");
});

test("what is not built yet says so", () => {
  const root = mkdtempSync(path.join(tmpdir(), "hindcast-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(path.join(root, "cli"));
  copyFileSync(path.resolve(import.meta.dirname, "../../cli/bin.js"), path.join(root, "cli", "bin.mjs"));

  expect(() => execFileSync(process.execPath, [path.join(root, "cli", "bin.mjs")], { stdio: "pipe" })).toThrow(
    /Hindcast is not built yet.*npm run build/,
  );
});
