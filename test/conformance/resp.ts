import { connect, type Socket } from "node:net";

/** A reply of the wire (RESP2), its type kept. Texts are byte strings. */
export type Wire =
  | { readonly type: "simple" | "error"; readonly text: string }
  | { readonly type: "integer"; readonly text: string }
  | { readonly type: "bulk"; readonly text: string | null }
  | { readonly type: "array"; readonly items: readonly Wire[] };

/** The bytes of a reply: RESP2 has exactly one form for each. */
export function encodeWire(reply: Wire): string {
  switch (reply.type) {
    case "simple":
      return `+${reply.text}\r\n`;
    case "error":
      return `-${reply.text}\r\n`;
    case "integer":
      return `:${reply.text}\r\n`;
    case "bulk":
      return reply.text === null ? "$-1\r\n" : `$${reply.text.length}\r\n${reply.text}\r\n`;
    case "array":
      return `*${reply.items.length}\r\n${reply.items.map(encodeWire).join("")}`;
  }
}

/** Reads the reply that starts at `start`; undefined when it has not arrived in full. */
export function parseWire(bytes: string, start = 0): { readonly reply: Wire; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf("\r\n", start);
  if (lineEnd < 0) return undefined;
  const line = bytes.slice(start + 1, lineEnd);
  const body = lineEnd + 2;
  switch (bytes.charAt(start)) {
    case "+":
      return { reply: { type: "simple", text: line }, end: body };
    case "-":
      return { reply: { type: "error", text: line }, end: body };
    case ":":
      return { reply: { type: "integer", text: line }, end: body };
    case "$": {
      if (line === "-1") return { reply: { type: "bulk", text: null }, end: body };
      const end = body + Number(line);
      if (bytes.length < end + 2) return undefined;
      return { reply: { type: "bulk", text: bytes.slice(body, end) }, end: end + 2 };
    }
    case "*":
      return parseItems(bytes, body, Number(line));
    default:
      throw new Error(`Not a RESP2 reply at byte ${start}: ${JSON.stringify(bytes.slice(start, start + 40))}`);
  }
}

function parseItems(bytes: string, start: number, count: number): ReturnType<typeof parseWire> {
  const items: Wire[] = [];
  let at = start;
  while (items.length < count) {
    const item = parseWire(bytes, at);
    if (item === undefined) return undefined;
    items.push(item.reply);
    at = item.end;
  }
  return { reply: { type: "array", items }, end: at };
}

/** A connection that sends commands in one go and waits for as many replies. */
export class RedisConnection {
  readonly #socket: Socket;
  #unread = "";
  #wanted = 0;
  #replies: Wire[] = [];
  #settle: { readonly resolve: (replies: Wire[]) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data) => this.#receive(data.toString("latin1")));
    socket.on("error", (error) => this.#settle?.reject(error));
    socket.on("close", () => this.#settle?.reject(new Error("The server closed the connection.")));
  }

  static open(port: number): Promise<RedisConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RedisConnection(socket));
      });
    });
  }

  call(commands: readonly (readonly string[])[]): Promise<Wire[]> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#wanted = commands.length;
      this.#replies = [];
      const sent = commands.map((words) =>
        encodeWire({ type: "array", items: words.map((text) => ({ type: "bulk", text })) }),
      );
      this.#socket.write(Buffer.from(sent.join(""), "latin1"));
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #receive(bytes: string): void {
    this.#unread += bytes;
    for (let next = parseWire(this.#unread); next !== undefined; next = parseWire(this.#unread)) {
      this.#replies.push(next.reply);
      this.#unread = this.#unread.slice(next.end);
      if (this.#unread === "") break;
    }
    if (this.#replies.length < this.#wanted) return;
    this.#settle?.resolve(this.#replies);
    this.#settle = undefined;
  }
}
