import fc from "fast-check";
import { Map as ImmutableMap, Set as ImmutableSet } from "immutable";
import { describe, expect, test } from "vitest";
import { Cursor } from "../../../checker/history/formats/cursor.js";
import { readEdn } from "../../../checker/history/formats/edn.js";
import { readJson, writeJson } from "../../../checker/history/formats/json.js";
import { readHistory } from "../../../checker/history/formats/read-history.js";
import { writeEdn } from "../../../checker/history/formats/write-edn.js";
import { formatNames, writeHistory } from "../../../checker/history/formats/write-history.js";
import { modelNames } from "../../../checker/history/models/models.js";
import type { History } from "../../../checker/history/operation.js";
import { encode, type Value } from "../../../sim/value.js";
import { randomHistory } from "./random-history.js";

const seed = 20_261_123;

/** What of a history is the same wherever it was written down: the order of events, not their numbers or places. */
function essence(history: History): string {
  const moments = history.flatMap(({ invoked, returned }) => [invoked, returned]).sort((a, b) => a - b);
  return encode(
    history.map(({ process, f, key, value, outcome, output, invoked, returned }) => {
      const end = returned === Infinity ? null : moments.indexOf(returned);
      return [process, f, key, value, outcome, outcome === "ok" ? output : null, moments.indexOf(invoked), end];
    }),
  );
}

describe("what is written is read back", () => {
  test.each(formatNames)(`every history, in the format %s (seed ${seed})`, (format) => {
    for (const model of modelNames) {
      fc.assert(
        fc.property(randomHistory(model, 6), (history) => {
          fc.pre(history.length > 0);
          const keyed = format === "jepsen-log" && history.some(({ key }) => key !== null);
          expect(essence(readHistory(writeHistory(history, format), { keyed }))).toBe(essence(history));
        }),
        { seed, numRuns: 300 },
      );
    }
  });

  const plain: fc.Arbitrary<Value> = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "grapheme" }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(fc.string({ minLength: 1 }), tie("value")),
      fc.array(fc.integer(), { maxLength: 4 }).map((items) => ImmutableSet(items)),
      fc
        .array(fc.tuple(fc.integer(), tie("value")), { minLength: 1, maxLength: 3 })
        .map((entries) => ImmutableMap(entries)),
    ),
  })).value;

  test(`every value, as EDN (seed ${seed})`, () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(encode(readEdn(new Cursor(writeEdn(value))))).toBe(encode(value));
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test(`every value, as JSON (seed ${seed})`, () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(encode(readJson(new Cursor(writeJson(value))))).toBe(encode(value));
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

describe("EDN", () => {
  test.each<readonly [string, Value]>([
    ["nil", null],
    [":x/y", "x/y"],
    ["[1 -2, 3.5 1e3 7N]", [1, -2, 3.5, 1000, 7]],
    ["(a \\b \\newline)", ["a", "b", "\n"]],
    ['"a\\"b\\n\\u00e9"', 'a"b\né'],
    ["#{1 2}", ImmutableSet([2, 1])],
    ["{:a 1, :b [true false]}", { a: 1, b: [true, false] }],
    ["{1 :a}", ImmutableMap([[1, "a"]])],
    ["#inst #_skipped ; a comment\n 5", 5],
    ["#jepsen.history.Op{:process 0}", { process: 0 }],
  ])("%s", (text, value) => {
    expect(encode(readEdn(new Cursor(text)))).toBe(encode(value));
  });

  test.each([
    ["[1 2", '1:1: what opens here has no "]"'],
    ["]", '1:1: "]" closes nothing that is open'],
    ['"abc', "1:1: a string that does not end"],
    ['"a\\x"', "1:3: the escape \\x is unknown"],
    ["{:a}", "1:1: a map with a key that has no value"],
    ["12abc", "1:1: 12abc is no number"],
    ["\n  # 1", '2:4: "#" without a tag'],
    ["", "1:1: the text ends where a value should be"],
  ])("%j is refused with its place", (text, message) => {
    expect(() => readEdn(new Cursor(text))).toThrow(`line ${message}`);
  });
});

describe("histories of Jepsen", () => {
  test("what the nemesis did is left out, and a vector of operations is read as one history", () => {
    const history = readHistory(
      "[#jepsen.history.Op{:index 0, :time 5, :type :info, :process :nemesis, :f :start, :value nil}\n" +
        " {:index 1, :type :invoke, :process 0, :f :read, :value nil}\n" +
        " {:index 2, :type :ok, :process 0, :f :read, :value 3, :final? true}]",
    );

    expect(history).toMatchObject([
      { process: "0", f: "read", output: 3, outcome: "ok", final: true, place: { line: 2, column: 2 } },
    ]);
  });

  test("an operation of unknown outcome stays open, and its process may go on", () => {
    const history = readHistory(
      "INFO  jepsen.util - 1\t:invoke\t:write\t4\n" +
        "INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n" +
        "INFO  jepsen.util - 1\t:info\t:write\t:timed-out\n" +
        "INFO  jepsen.util - 1\t:invoke\t:read\tnil\n" +
        "INFO  jepsen.util - 1\t:fail\t:read\t:timed-out\n",
    );

    expect(history).toMatchObject([
      { f: "write", value: 4, outcome: "info", returned: Infinity },
      { f: "read", outcome: "fail" },
    ]);
  });

  test("independent keys are taken from the values", () => {
    const history = readHistory(
      "{:type :invoke, :process 0, :f :write, :value [7 1]}\n{:type :ok, :process 0, :f :write, :value [7 1]}",
      { keyed: true },
    );

    expect(history).toMatchObject([{ key: 7, value: 1, output: 1 }]);
    expect(() => readHistory("{:type :invoke, :process 0, :f :read, :value nil}", { keyed: true })).toThrow(
      "line 1:1: the value of read is no pair [key value]",
    );
  });
});
