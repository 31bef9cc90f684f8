import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, vi } from "vitest";
import { main } from "../../cli/main.js";

const bin = path.resolve(import.meta.dirname, "../../cli/bin.js");

/** The environment without what says whether to colour. */
const colourless = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== "FORCE_COLOR" && name !== "NO_COLOR"),
);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Document {
  readonly [field: string]: unknown;
}

export type EndedWithDocument = Ended & { readonly document: Document };

interface Environment {
  readonly env?: { readonly [name: string]: string };
}

interface ProcessOptions extends Environment {
  /** Sent to the process once its standard error matches. */
  readonly signal?: { readonly when: RegExp; readonly name: "SIGINT" };
  /**
   * Started by a shell: Linux counts what this process has in memory into the peak of one that it starts itself, and not into
   * that of one which another starts.
   */
  readonly isMeasured?: boolean;
}

/**
 * A folder of its own, removed in the end, in which command lines are run: in this process, one after the other, which spares the
 * start of a process and the loading; or, for what is a process's own (signals, memory, what it leaves when it dies), in one of
 * their own.
 */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), "hindcast-"));

  /** To be called outside of tests: what a test makes, it removes itself. */
  constructor() {
    afterAll(() => {
      this.remove();
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  write(name: string, text: string): void {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    return readFileSync(path.join(this.path, name), "utf8");
  }

  /**
   * Runs a command line in this process; one with several threads in its own, as they reserve much more memory than they use, with
   * which this process could not start others.
   */
  run(args: readonly string[], { env = {} }: Environment = {}): Promise<Ended> {
    if (args.includes("--workers")) return this.spawn(args, { env });
    return inTurn(() => runHere(this.path, args, { ...colourless, ...env }));
  }

  /** Runs a command with `--json`, and reads its document. */
  async json(args: readonly string[], options: Environment = {}): Promise<EndedWithDocument> {
    return withDocument(await this.run([...args, "--json"], options));
  }

  /** Runs a command line in a process of its own. */
  spawn(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const [command, first] =
        options.isMeasured === true
          ? ["sh", ["-c", '"$@"; exit $?', "sh", process.execPath]]
          : [process.execPath, [] as string[]];
      const child = spawn(command, [...first, bin, ...args], {
        cwd: this.path,
        env: { ...colourless, ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr, isSignalled] = ["", "", false];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
        if (options.signal === undefined || isSignalled || !options.signal.when.test(stderr)) return;
        isSignalled = true;
        child.kill(options.signal.name);
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** Runs a command with `--json` in a process of its own, and reads its document. */
  async spawnJson(args: readonly string[], options: ProcessOptions = {}): Promise<EndedWithDocument> {
    return withDocument(await this.spawn([...args, "--json"], options));
  }
}

function withDocument(ended: Ended): EndedWithDocument {
  return { ...ended, document: JSON.parse(ended.stdout) as Document };
}

let last: Promise<unknown> = Promise.resolve();

/** The streams, the folder and the environment are the process's: one command line at a time has them. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

async function runHere(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const before = { folder: process.cwd(), env: process.env, exitCode: process.exitCode };
  const told = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      told[name] += String(text);
      return true;
    }),
  );
  process.chdir(folder);
  process.env = env;
  process.exitCode = undefined;
  try {
    return { code: await main(args), ...told };
  } finally {
    process.chdir(before.folder);
    process.env = before.env;
    process.exitCode = before.exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}
