import type { Value } from "../../../sim/value.js";
import type { HistoryEvent } from "../operation.js";
import { type Place, UnusableHistory } from "../unusable-history.js";

const types = ["invoke", "ok", "fail", "info"] as const;

/**
 * The event of an operation map as Jepsen writes it: `process`, `type`, `f`, `value`, and `key` where operations have
 * keys; all other fields are ignored. Null for what the nemesis did: it is no client.
 *
 * A map without `f` is a transaction, as Elle writes them, if its value is a list of steps.
 *
 * @throws UnusableHistory for a map that lacks process, type or function, or has a type that is none.
 */
export function eventOfFields(fields: Value, place: Place): HistoryEvent | null {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new UnusableHistory(
      "what stands here is no operation map",
      "write maps with process, type, f and value",
      place,
    );
  }
  const map = fields as { readonly [name: string]: Value };
  const { process, type, f, key, value } = map;
  if (process === "nemesis") return null;
  if (typeof process !== "number" && typeof process !== "string") {
    throw new UnusableHistory("an operation without process", "give each operation a number or name as process", place);
  }
  const known = types.find((name) => name === type);
  if (known === undefined) {
    const found = typeof type === "string" && type !== "" ? `the type ${type}` : "no type";
    throw new UnusableHistory(`an operation with ${found}`, `use one of ${types.join(", ")}`, place);
  }
  const isTransaction = f === undefined && (Array.isArray(value) || known !== "invoke");
  if (!isTransaction && (typeof f !== "string" || f === "")) {
    throw new UnusableHistory(
      "an operation without function",
      "give each operation its f, such as read or write",
      place,
    );
  }
  return {
    process: String(process),
    type: known,
    f: typeof f === "string" ? f : "txn",
    key: key ?? null,
    value: value ?? null,
    ...(map["final?"] === true || map["final"] === true ? { final: true } : {}),
    place,
  };
}

/**
 * Jepsen's independent keys: values are pairs `[key value]`.
 *
 * @throws UnusableHistory for a value that is no pair.
 */
export function withKeysFromValues(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const keys = new Map<string, Value>();
  return events.map((event) => {
    const { value } = event;
    if (Array.isArray(value) && value.length === 2) {
      keys.set(event.process, value[0]);
      return { ...event, key: value[0] as Value, value: value[1] as Value };
    }
    if (event.type === "invoke" || event.type === "ok") {
      throw new UnusableHistory(
        `the value of ${event.f} is no pair [key value]`,
        "leave out --keyed if the operations are all of one object",
        event.place,
      );
    }
    return { ...event, key: keys.get(event.process) ?? null, value: null };
  });
}
