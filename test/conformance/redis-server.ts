import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { RedisConnection } from "./resp.js";

/** A real server with nothing kept on disk, and a connection to it. */
export interface RealRedis {
  readonly connection: RedisConnection;
  stop(): Promise<void>;
}

/** The version line of the installed server; undefined when there is none. */
export function redisVersion(): string | undefined {
  const found = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Starts a server on a free loopback port; another port is tried when someone took it in between. */
export async function startRedis(attempts = 3): Promise<RealRedis> {
  const port = await freePort();
  const server = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", tmpdir()],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const stopAtExit = (): boolean => server.kill("SIGKILL");
  process.once("exit", stopAtExit);
  const connection = await connectTo(server, port);
  if (connection === undefined) {
    await end(server, ended);
    if (attempts > 1) return startRedis(attempts - 1);
    throw new Error("redis-server did not start in three attempts; run it by hand to see why.");
  }
  return {
    connection,
    async stop() {
      process.off("exit", stopAtExit);
      connection.close();
      await end(server, ended);
    },
  };
}

async function end(server: ChildProcess, ended: Promise<void>): Promise<void> {
  if (server.exitCode === null) server.kill("SIGKILL"); // there is nothing to save
  await ended;
}

async function connectTo(server: ChildProcess, port: number): Promise<RedisConnection | undefined> {
  for (let attempt = 0; attempt < 200 && server.exitCode === null; attempt += 1) {
    try {
      const connection = await RedisConnection.open(port);
      const [owner] = await connection.call([["INFO", "server"]]);
      const isOurs = owner?.type === "bulk" && owner.text?.includes(`process_id:${server.pid}\r\n`) === true;
      if (isOurs) return connection;
      connection.close();
      return undefined;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
