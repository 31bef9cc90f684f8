import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { compiledFolder } from "../../cli/compiled-folder.js";
import { Folder } from "./command-line.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();
const user = process.getuid?.();

/** A folder for temporary files. */
function temporary(name: string): string {
  const made = path.join(folder.path, name);
  mkdirSync(made);
  return made;
}

test.skipIf(user === undefined)("it is the user's own, where others may not write", () => {
  const [own, shared, linked] = [temporary("own"), temporary("shared"), temporary("linked")];
  const name = `hindcast-${user}`;
  mkdirSync(path.join(shared, name));
  chmodSync(path.join(shared, name), 0o777);
  symlinkSync(own, path.join(linked, name));

  expect(compiledFolder(own)).toBe(path.join(own, name));
  expect(statSync(path.join(own, name)).mode & 0o777).toBe(0o700);
  expect(compiledFolder(shared)).toBeUndefined();
  expect(compiledFolder(linked)).toBeUndefined();
});

test("there is none where there is no folder for temporary files", () => {
  folder.write("file", "");

  expect(compiledFolder(path.join(folder.path, "file"))).toBeUndefined();
});

test("a compiled scenario is kept there, and taken from there until its file changes", async () => {
  folder.write("counter.ts", counterScenario());
  const kept = temporary("kept");
  const check = async () =>
    (await folder.spawn(["check", "./counter.ts", "--quiet"], { env: { TMPDIR: kept } })).stdout;

  expect(await check()).toMatch(/holds/);
  const inside = compiledFolder(kept) as string;
  const compiled = path.join(inside, readdirSync(inside)[0] as string);
  writeFileSync(compiled, readFileSync(compiled, "utf8").replace("state.n < 2", "state.n < 1"));
  expect(await check()).toMatch(/violated/);
  folder.write("counter.ts", `${counterScenario()}\n`);
  expect(await check()).toMatch(/holds/);
});
