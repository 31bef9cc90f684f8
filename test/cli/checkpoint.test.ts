import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import seedrandom from "seedrandom";
import { beforeAll, expect, test } from "vitest";
import { Folder } from "./command-line.js";
import { killedSearch } from "./killed-search.js";
import { counterScenario } from "./scenario-texts.js";

const folder = new Folder();
const bin = path.resolve(import.meta.dirname, "../../cli/bin.js");
const at7 = ["check", "two-phase-commit", "--param", "rms=7"];
const at8 = ["check", "two-phase-commit", "--param", "rms=8"];

/** A checkpoint of two-phase commit at 50,000 states. */
beforeAll(async () => {
  const { document } = await folder.json([...at7, "--max-states", "50000", "--checkpoint", "a.ckpt"]);
  expect(document).toMatchObject({ verdict: "unknown", limit: "max-states", checkpoint: "a.ckpt" });
});

test("a search that is killed at random moments ends, resumed, as one that is not", async () => {
  const whole = await folder.json(at8);
  const { kills, document } = await killedSearch(folder, at8.slice(1), 3, seedrandom("killed"));

  expect(document).toEqual({ ...whole.document, measured: null, checkpoint: null });
  expect(document.states).toBe(1745408);
  expect(kills).toBeGreaterThan(1);
});

test("a violated search in pieces has the same witness", async () => {
  const whole = await folder.json(["check", "zardozbook", "--param", "stores=folded"]);
  await folder.json([
    "check",
    "zardozbook",
    "--param",
    "stores=folded",
    "--max-states",
    "30000",
    "--checkpoint",
    "z.ckpt",
  ]);
  const resumed = await folder.json(["check", "zardozbook", "--param", "stores=folded", "--resume", "z.ckpt"]);

  expect(resumed.code).toBe(1);
  expect({ ...resumed.document, measured: null }).toEqual({ ...whole.document, measured: null });
});

test("Ctrl-C leaves a checkpoint, from which the search goes on", async () => {
  const args = ["check", "two-phase-commit", "--param", "rms=10", "--checkpoint", "c.ckpt", "--checkpoint-every", "1h"];
  const interrupted = await folder.spawn(args, { signal: { when: /states/, name: "SIGINT" } });
  const resumed = await folder.run([...at7.slice(0, 3), "rms=10", "--resume", "c.ckpt", "--max-depth", "3"]);

  expect(interrupted.stdout).toMatch(
    /not decided {2}interrupted\n.*\n(.*\n)? {2}checkpoint: c\.ckpt; --resume c\.ckpt goes on from there/,
  );
  expect(interrupted.code).toBe(3);
  expect(resumed.stdout).toMatch(/resuming at [\d,]+ states/);
});

test("a checkpoint of another scenario is refused", async () => {
  const { code, stderr } = await folder.run(["check", "paxos", "--resume", "a.ckpt"]);

  expect(stderr).toBe(
    "The checkpoint a.ckpt cannot be used: it is of the scenario two-phase-commit, not of paxos. " +
      "Without --resume the search begins anew.\n",
  );
  expect(code).toBe(2);
});

test("a checkpoint for a strategy that has none is refused", async () => {
  const { code, stderr } = await folder.run(["check", "ring", "--strategy", "depth-first", "--checkpoint", "d.ckpt"]);

  expect(stderr).toBe(
    "--checkpoint and --resume do not work with --strategy depth-first: the order of its search hangs on more than the " +
      "states, which is not kept. Use --strategy breadth-first.\n",
  );
  expect(code).toBe(2);
});

test("a checkpoint that was cut off is refused", async () => {
  writeFileSync(path.join(folder.path, "b.ckpt"), readFileSync(path.join(folder.path, "a.ckpt")).subarray(0, 99_999));
  const { code, stderr } = await folder.run([...at7, "--resume", "b.ckpt"]);

  expect(stderr).toMatch(
    /^The checkpoint b\.ckpt cannot be used: it is truncated: only 99999 of \d+ bytes are there\./,
  );
  expect(code).toBe(2);
});

test("a checkpoint that is not there, and a place where none can be written, are told at once", async () => {
  const missing = await folder.run([...at7, "--resume", "none.ckpt"]);
  const nowhere = await folder.run([...at7, "--checkpoint", "none/x.ckpt"]);

  expect(missing.stderr).toBe(
    "The checkpoint none.ckpt cannot be read: there is no such file or folder. Give a file that `check --checkpoint` wrote.\n",
  );
  expect(nowhere.stderr).toBe(
    "The checkpoint none/x.ckpt cannot be written: there is no such file or folder. Choose another place.\n",
  );
  expect([missing.code, nowhere.code]).toEqual([2, 2]);
});

test("a checkpoint of a file that has changed since is refused", async () => {
  folder.write("counter.ts", counterScenario({}));
  await folder.json(["check", "counter.ts", "--max-states", "2", "--checkpoint", "f.ckpt"]);
  folder.write("counter.ts", `${counterScenario({})}\n// Changed.\n`);
  const { code, stderr } = await folder.run(["check", "counter.ts", "--resume", "f.ckpt"]);

  expect(stderr).toContain(
    "cannot be used: the scenario's file, or one that it imports, has changed since it was made.",
  );
  expect(code).toBe(2);
});

test("a checkpoint of a scenario that imports a file which has changed since is refused", async () => {
  const head = 'import { steps } from "./parts/steps.js";';
  folder.write("importing.ts", counterScenario({ head, onMessage: "(state) => become({ n: state.n + steps })" }));
  folder.write("parts/steps.ts", 'export { one as steps } from "./one";\n');
  folder.write("parts/one.ts", "export const one = 1;\n");
  const search = ["check", "importing.ts", "--max-states", "2"];
  await folder.json([...search, "--checkpoint", "i.ckpt"]);
  const same = await folder.run(["check", "importing.ts", "--resume", "i.ckpt"]);
  folder.write("parts/one.ts", "export const one = 1; // Changed.\n");
  const changed = await folder.run(["check", "importing.ts", "--resume", "i.ckpt"]);

  expect(same.code).toBe(0);
  expect(changed.stderr).toContain(
    "cannot be used: the scenario's file, or one that it imports, has changed since it was made.",
  );
  expect(changed.code).toBe(2);
});

test("a disk that fills up while a checkpoint is written leaves the earlier one, and the search goes on", async () => {
  const args = [...at7, "--resume", "a.ckpt", "--checkpoint", "a.ckpt", "--checkpoint-every", "20ms", "--json"];
  const before = readFileSync(path.join(folder.path, "a.ckpt"));
  // In blocks of 1024 bytes: no file may become larger than that.
  const limited = `ulimit -f ${Math.ceil(before.length / 1024) + 20}; exec "$@"`;
  const { stdout, stderr } = await promisify(execFile)(
    "bash",
    ["-c", limited, "bash", process.execPath, bin, ...args],
    {
      cwd: folder.path,
    },
  );

  expect(stderr).toMatch(
    /The checkpoint a\.ckpt could not be written at [\d,]+ states: a file may not become so large\. .*The search goes on\./,
  );
  expect(JSON.parse(stdout)).toMatchObject({ verdict: "holds", states: 296448 });
  expect(existsSync(path.join(folder.path, "a.ckpt"))).toBe(true);
  expect(readdirSync(folder.path).filter((name) => name.endsWith(".partial"))).toEqual([]);
  const resumed = await folder.json([...at7, "--resume", "a.ckpt"]);
  expect(resumed.document).toMatchObject({ verdict: "holds", states: 296448 });
});
