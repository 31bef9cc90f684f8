import { List, Map, Record, Set } from "immutable";
import { expect, test } from "vitest";
import { messageText, valueText } from "../../report/message-text.js";
import { nodeId } from "../../sim/node-id.js";

class Friend extends Record({ name: "bob", since: 3 }) {}
const ava = nodeId("ava");

test.each([
  ["a message without fields as its kind", { kind: "ok" }, "ok"],
  ["a message as a call", { kind: "set", key: "a", value: 1 }, "set(key: a, value: 1)"],
  [
    "a message within a message",
    { kind: "forwarded", request: { kind: "get", key: "a" } },
    "forwarded(request: get(key: a))",
  ],
  ["words without quotes and other strings with them", ["a-b", "two words", ""], '[a-b, "two words", ""]'],
  ["a client's call in short", { client: ava, index: 2 }, "ava:2"],
  ["a sender that is a client by its call", { node: ava, call: { client: ava, index: 2 } }, "ava:2"],
  [
    "a sender that passes another's call in full",
    { node: nodeId("s1"), call: { client: ava, index: 2 } },
    "{node: s1, call: ava:2}",
  ],
  ["a Record by its fields", new Friend(), "{name: bob, since: 3}"],
  ["a List, a Set in order, and a Map", List<unknown>([Set(["b", "a"]), Map([["k", 1n]])]), "[{a, b}, {k: 1}]"],
  ["null and booleans", [null, true], "[null, true]"],
])("%s", (_what, value, text) => {
  expect(valueText(value)).toBe(text);
});

test("a long message is shortened to the width that is given", () => {
  const text = messageText({ kind: "set", value: "a".repeat(100) } as never, 20);

  expect(text).toHaveLength(20);
  expect(text.endsWith("…")).toBe(true);
});
