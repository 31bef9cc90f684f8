import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real server on a Unix socket in a folder of its own, and one session with it. */
export interface RealPostgres {
  /** The lines that a script prints; a statement that fails prints nothing there, and the script goes on. */
  run(script: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The folder of the server's programs; undefined when they are not installed, or may not be run by this user. */
export function postgresFolder(): string | undefined {
  const versions = "/usr/lib/postgresql";
  const found = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = found.map((version) => join(versions, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
  if (folder === undefined) return undefined;
  const tried = asServerUser(join(folder, "postgres"), ["--version"]);
  return spawnSync(tried.program, tried.words).status === 0 ? folder : undefined;
}

/** The server refuses to run as root; root runs it as the user that Debian's package makes. */
function asServerUser(
  program: string,
  words: readonly string[],
): { readonly program: string; readonly words: string[] } {
  if (process.getuid?.() !== 0) return { program, words: [...words] };
  return {
    program: "setpriv",
    words: ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, ...words],
  };
}

function idOf(which: "-u" | "-g"): number {
  return Number(spawnSync("id", [which, "postgres"], { encoding: "utf8" }).stdout);
}

export async function startPostgres(folder: string): Promise<RealPostgres> {
  const home = mkdtempSync(join(tmpdir(), "hindcast-postgres-"));
  if (process.getuid?.() === 0) chownSync(home, idOf("-u"), idOf("-g"));
  const data = join(home, "data");
  const made = asServerUser(join(folder, "initdb"), [
    ...["--pgdata", data, "--username", "test", "--auth", "trust"],
    ...["--no-sync", "--encoding", "UTF8", "--locale", "C"],
  ]);
  const initialised = spawnSync(made.program, made.words, { encoding: "utf8", cwd: home });
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.stderr}`);

  const started = asServerUser(join(folder, "postgres"), [
    ...["-D", data, "-k", home],
    ...["-c", "listen_addresses=", "-c", "fsync=off", "-c", "autovacuum=off", "-c", "jit=off"],
  ]);
  const server = spawn(started.program, started.words, { stdio: "ignore", cwd: home });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const stopAtExit = (): boolean => server.kill("SIGQUIT");
  process.once("exit", stopAtExit);
  const session = await openSession(join(folder, "psql"), home, () => server.exitCode === null);
  return {
    run: session.run,
    async stop() {
      process.off("exit", stopAtExit);
      await session.close();
      if (server.exitCode === null) server.kill("SIGINT"); // fast shutdown
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Session {
  run(script: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

async function openSession(psql: string, socket: string, isUp: () => boolean): Promise<Session> {
  const words = ["-h", socket, "-U", "test", "-d", "postgres", "-X", "-q", "-A", "-t"];
  for (let attempt = 0; attempt < 200 && isUp(); attempt += 1) {
    if (spawnSync(psql, [...words, "-c", "SELECT 1"], { stdio: "ignore" }).status === 0)
      return talkTo(spawn(psql, words));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("postgres did not start within 10 seconds; run it by hand to see why.");
}

/** One script at a time; its output ends where psql echoes a mark. */
function talkTo(client: ChildProcessWithoutNullStreams): Session {
  const mark = "-- end of script --";
  const ended = new Promise<void>((resolve) => client.once("exit", () => resolve()));
  let unread = "";
  let waiting:
    { readonly resolve: (lines: readonly string[]) => void; readonly reject: (error: Error) => void } | undefined;
  client.stderr.resume();
  client.stdout.setEncoding("utf8").on("data", (text: string) => {
    unread += text;
    if (!unread.endsWith(`${mark}\n`)) return;
    const lines = unread.split("\n").slice(0, -2);
    unread = "";
    waiting?.resolve(lines);
    waiting = undefined;
  });
  client.once("exit", () => waiting?.reject(new Error("psql ended.")));
  return {
    run: (script) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        client.stdin.write(`${script}\n\\echo ${mark}\n`);
      }),
    async close() {
      client.stdin.end();
      await ended;
    },
  };
}
