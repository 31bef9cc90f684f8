import { vi } from "vitest";
import { historyCommand } from "../../cli/commands/history.js";

/** What a run of the command left. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `history` with arguments in this process, and gives its exit code and what it printed. */
export async function runHistory(...args: readonly string[]): Promise<Ran> {
  const before = process.exitCode;
  let out = "";
  let err = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
  try {
    await historyCommand()
      .exitOverride()
      .parseAsync([...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), out, err };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
    process.exitCode = before;
  }
}
