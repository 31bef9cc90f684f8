import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { Folder } from "./command-line.js";

const tsc = path.resolve(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

const [empty, folder] = [new Folder(), new Folder()];

test("a scenario that init writes type-checks, runs, fails its property, replays, and holds with its fix", async () => {
  const written = await empty.run(["init", "my-lock"]);
  execFileSync(process.execPath, [tsc, "--noEmit", "-p", empty.path], { stdio: "pipe" });
  const found = await empty.json(["run", "./my-lock.ts"]);
  const replayed = await empty.json(["replay", "my-lock.schedule.json"]);
  const fixed = await empty.json(["check", "./my-lock.ts", "--param", "fencing=true"]);
  const failing = await empty.json(["check", "./my-lock.ts", "--param", "fencing=true", "--faults", "drop=1,crash=1"]);

  expect(written).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("npx hindcast run ./my-lock.ts") as string,
  });
  expect(found).toMatchObject({ code: 1, document: { verdict: "violated", property: "no increment is lost" } });
  expect(replayed).toMatchObject({ code: 1, document: { scenario: "my-lock.ts", verdict: "violated" } });
  for (const held of [fixed, failing]) {
    expect(held).toMatchObject({ code: 0, document: { verdict: "holds", neverReached: [] } });
  }
});

test("init overwrites nothing", async () => {
  folder.write("lock.ts", "mine\n");
  folder.write("tsconfig.json", "{}\n");

  const refused = await folder.run(["init"]);
  const other = await folder.run(["init", "other"]);
  const nonsense = await folder.run(["init", "../other"]);
  const taken = await folder.run(["init", "zardozbook"]);

  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("a file lock.ts here already") as string });
  expect(folder.read("lock.ts")).toBe("mine\n");
  expect(other).toMatchObject({ code: 0, stdout: expect.stringContaining("tsconfig.json here already") as string });
  expect(folder.read("tsconfig.json")).toBe("{}\n");
  expect([nonsense.code, taken.code]).toEqual([2, 2]);
});
