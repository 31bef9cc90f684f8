/**
 * What a Redis-like store is asked. Keys, values and members are byte strings: strings of code units 0 to 255.
 *
 * A number stands for its decimal text, as a client library would send it.
 */
export type RedisCommand =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "set"; readonly key: string; readonly value: string }
  | { readonly kind: "append"; readonly key: string; readonly value: string }
  | { readonly kind: "strlen"; readonly key: string }
  | { readonly kind: "incr"; readonly key: string }
  | { readonly kind: "decr"; readonly key: string }
  | { readonly kind: "incrby"; readonly key: string; readonly by: string | number }
  | { readonly kind: "decrby"; readonly key: string; readonly by: string | number }
  | { readonly kind: "del"; readonly keys: readonly string[] }
  | { readonly kind: "exists"; readonly keys: readonly string[] }
  | { readonly kind: "sadd"; readonly key: string; readonly members: readonly string[] }
  | { readonly kind: "srem"; readonly key: string; readonly members: readonly string[] }
  | { readonly kind: "sismember"; readonly key: string; readonly member: string }
  | { readonly kind: "smembers"; readonly key: string }
  | { readonly kind: "rpush"; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: "lrange"; readonly key: string; readonly start: string | number; readonly stop: string | number };

/** Several commands in one step: `MULTI`, the commands, `EXEC`. */
export interface RedisTransaction {
  readonly kind: "transaction";
  readonly requests: readonly RedisCommand[];
}

export type RedisRequest = RedisCommand | RedisTransaction;

/** The command of one kind. */
export type CommandOf<Kind extends RedisCommand["kind"]> = Extract<RedisCommand, { readonly kind: Kind }>;

/** The decimal text of an argument that may be given as a number. */
export function argumentText(argument: string | number): string {
  return String(argument);
}

/** Whether a command that takes one argument or more of a kind has none: the server refuses it unseen. */
export function hasTooFewArguments(command: RedisCommand): boolean {
  switch (command.kind) {
    case "del":
    case "exists":
      return command.keys.length === 0;
    case "sadd":
    case "srem":
      return command.members.length === 0;
    case "rpush":
      return command.values.length === 0;
    default:
      return false;
  }
}

/**
 * Refuses text that is no byte string.
 *
 * @throws RangeError that names the command, the field and the first code unit above 255.
 */
export function requireByteStrings(command: RedisCommand): void {
  for (const [field, content] of Object.entries(command) as [string, string | number | readonly string[]][]) {
    const texts = typeof content === "object" ? content : [content];
    for (const text of texts) {
      if (typeof text === "string" && wide.test(text)) throw notBytes(command.kind, field, text);
    }
  }
}

const wide = /[^\0-\xff]/;

function notBytes(kind: string, field: string, text: string): RangeError {
  const at = text.search(wide);
  return new RangeError(
    `The ${field} of a ${kind} has the code unit ${text.charCodeAt(at)} at position ${at}, but Redis keeps byte ` +
      'strings (code units 0 to 255); encode the text first, as Buffer.from(text, "utf8").toString("latin1") does.',
  );
}
