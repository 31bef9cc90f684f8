import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

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

interface Options {
  readonly env?: { readonly [name: string]: string };
  /** Sent to the process once its standard error matches. */
  readonly signal?: { readonly when: RegExp; readonly name: "SIGINT" };
}

/** A folder of its own, removed in the end, in which the real command line is run. */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), "hindcast-"));

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  write(name: string, text: string): void {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    return readFileSync(path.join(this.path, name), "utf8");
  }

  run(args: readonly string[], options: Options = {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [bin, ...args], {
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

  /** Runs a command with `--json`, and reads its document. */
  async json(args: readonly string[], options: Options = {}): Promise<Ended & { readonly document: Document }> {
    const ended = await this.run([...args, "--json"], options);
    return { ...ended, document: JSON.parse(ended.stdout) as Document };
  }
}

export interface Document {
  readonly [field: string]: unknown;
}
