import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHistory } from "./run-history.js";

const data = "test/data/histories";
const verdicts = JSON.parse(readFileSync(`${data}/verdicts.json`, "utf8")) as {
  readonly [file: string]: { readonly model: string; readonly linearizable: boolean };
};
const etcd = Object.keys(verdicts).filter((file) => file.startsWith("etcd/"));
const keyValue = Object.keys(verdicts).filter((file) => file.startsWith("kv/"));

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "histories-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

interface Document {
  readonly verdict: string;
  readonly operations: number;
  readonly order: readonly number[] | null;
  readonly prefix: readonly number[] | null;
  readonly culprits: readonly { readonly line: number; readonly reason: string }[];
}

describe("times that go back", () => {
  const history = (more: string): string =>
    [
      `{"process":0,"type":"invoke","f":"write","value":1,"time":5${more}}`,
      `{"process":1,"type":"invoke","f":"read","value":null,"time":9${more.replace("1", "2")}}`,
      `{"process":0,"type":"ok","f":"write","value":1,"time":7${more.replace("1", "3")}}`,
      `{"process":1,"type":"ok","f":"read","value":1,"time":6${more.replace("1", "4")}}`,
    ].join("\n");

  test("are told once, with their place, beside the verdict", async () => {
    const { code, err, out } = await runHistory(fileWith("back.json", history("")), "--model", "register");

    expect(err).toMatch(
      /^\S*back\.json:3:1: time 7 comes after time 9\. The order of the operations was taken for that of time; sort them if it is not\.\n$/,
    );
    expect(out).toContain("✓ holds");
    expect(code).toBe(0);
  });

  test("are nothing to tell where an index settles the order", async () => {
    const { err } = await runHistory(fileWith("indexed.json", history(',"index":1')), "--model", "register");

    expect(err).toBe("");
  });
});

describe("recorded histories of real systems", () => {
  test.each([
    ["cas-register", etcd, []],
    ["key-value", keyValue, []],
    ["key-value", keyValue, ["--no-partition"]],
  ] as const)("every file for %s gets its known verdict, all at once %#", async (model, files, options) => {
    const { code, out, err } = await runHistory(
      ...files.map((file) => `${data}/${file}`),
      "--model",
      model,
      "--json",
      ...options,
    );

    const { histories } = JSON.parse(out) as { readonly histories: readonly Document[] };
    expect(histories.map(({ verdict }) => verdict)).toEqual(
      files.map((file) => (verdicts[file]?.linearizable ? "holds" : "violated")),
    );
    for (const { verdict, order, prefix, culprits, operations } of histories) {
      if (verdict === "holds") expect(order?.length).toBeLessThanOrEqual(operations);
      else expect([prefix === null, culprits.length > 0]).toEqual([false, true]);
    }
    expect(code).toBe(1);
    expect(err).toContain("violated");
  });

  test("a history that holds ends with exit code 0, and prose alone on standard output", async () => {
    const { code, out, err } = await runHistory(`${data}/etcd/etcd_002.log`, "--model", "cas-register", "--no-color");

    expect({ code, out, err }).toEqual({
      code: 0,
      out: `✓ holds  ${data}/etcd/etcd_002.log: linearizable, 77 operations\n`,
      err: "",
    });
  });

  test("a violation names the operation that cannot follow, with its line and the reason", async () => {
    const log = fileWith(
      "stale.log",
      "INFO  jepsen.util - 0\t:invoke\t:write\t1\nINFO  jepsen.util - 0\t:ok\t:write\t1\n" +
        "INFO  jepsen.util - 1\t:invoke\t:read\tnil\nINFO  jepsen.util - 1\t:ok\t:read\tnil\n",
    );
    const { code, out } = await runHistory(log, "--model", "register", "--json");
    const document = JSON.parse(out) as Document;

    expect(code).toBe(1);
    expect(document).toMatchObject({
      verdict: "violated",
      model: "register",
      consistency: "linearizable",
      operations: 2,
    });
    expect(document.prefix).toEqual([0]);
    expect(document.culprits).toMatchObject([
      { operation: 1, line: 3, reason: "it answered null, but here the answer is 1" },
    ]);
  });

  test("a history that needs more than the time limit is unknown, with exit code 3", async () => {
    const lines: string[] = [];
    for (let p = 0; p < 40; p += 1) lines.push(`{:process ${p}, :type :invoke, :f :add, :value ${2 ** (p % 30)}}`);
    lines.push("{:process 99, :type :invoke, :f :read, :value nil}", "{:process 99, :type :ok, :f :read, :value -1}");
    for (let p = 0; p < 40; p += 1) lines.push(`{:process ${p}, :type :ok, :f :add, :value ${2 ** (p % 30)}}`);
    const file = fileWith("long.edn", lines.join("\n"));
    const { code, out } = await runHistory(file, "--model", "counter", "--time-limit", "50ms", "--json");

    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ verdict: "unknown", limit: "time or steps" });
  });

  test("a history is written in another format and judged from there alike", async () => {
    for (const format of ["lines", "json", "edn", "jepsen-log"]) {
      const out = path.join(folder, `copy.${format}`);
      await runHistory(`${data}/kv/c10-bad.txt`, "--model", "key-value", "--quiet", "--out", out, "--format", format);
      const keyed = format === "jepsen-log" ? ["--keyed"] : [];
      const again = await runHistory(out, "--model", "key-value", "--json", ...keyed);
      expect(JSON.parse(again.out)).toMatchObject({ verdict: "violated", operations: 405 });
    }
  });
});

describe("input that is unusual, and can be used", () => {
  const events =
    "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :ok, :f :write, :value 1}\n" +
    "{:process 1, :type :invoke, :f :read, :value nil}\n{:process 1, :type :ok, :f :read, :value 1}\n";
  const newLog = (logger: string, text: string) =>
    `2023-01-01 10:00:00,123{GMT}\tINFO\t[jepsen worker 0] ${logger}: ${text}\n`;

  test.each([
    ["a byte order mark", Buffer.from(`\ufeff${events}`)],
    ["carriage returns", Buffer.from(events.replaceAll("\n", "\r\n"))],
    ["UTF-16", Buffer.from(`\ufeff${events}`, "utf16le")],
    ["gzip", gzipSync(events)],
    [
      "a line of five million characters",
      Buffer.from(`${events}{:process 2, :type :invoke, :f :write, :value "${"x".repeat(5_000_000)}"}`),
    ],
    [
      "a newer Jepsen log, with lines of other loggers",
      Buffer.from(
        newLog("jepsen.core", "Everything looks good") +
          newLog("jepsen.util", "0\t:invoke\t:write\t1") +
          newLog("jepsen.util", "0\t:ok\t:write\t1") +
          newLog("jepsen.util", ":nemesis\t:info\t:start\tnil") +
          "INFO  jepsen.core - still running\n" +
          newLog("jepsen.util", "1\t:invoke\t:read\tnil") +
          newLog("jepsen.util", "1\t:ok\t:read\t1"),
      ),
    ],
  ])("%s", async (_, bytes) => {
    const file = path.join(folder, "unusual");
    writeFileSync(file, bytes);

    const { code, out, err } = await runHistory(file, "--model", "register", "--json");

    expect(err).toContain("✓ holds");
    expect((JSON.parse(out) as Document).operations).toBeGreaterThanOrEqual(2);
    expect(code).toBe(0);
  });
});

describe("input that cannot be used", () => {
  const invoke = "{:process 0, :type :invoke, :f :write, :value 1}";
  const ok = "{:process 0, :type :ok, :f :write, :value 1}";
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      "a log line that does not parse",
      "a.log",
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nhello\n",
      "a.log:2:1: this is no line of a Jepsen log",
    ],
    [
      "an EDN line that does not parse",
      "b.edn",
      `${invoke}\n{:process 0, :type :ok, :f :write :value}\n`,
      "b.edn:2:1: a map with a key that has no value",
    ],
    ["an EDN text that is not closed", "c.edn", `[${invoke}\n ${ok}`, 'c.edn:1:1: what opens here has no "]"'],
    [
      "a JSON line that does not parse",
      "d.json",
      '{"process": 0, "type": "invoke", "f": "write" "value": 1}\n',
      'd.json:1:47: found "\\"" where "," or "}" should be',
    ],
    ["an unknown format", "e.txt", "\n  time,process,f\n", "e.txt:2:3: the format is not known"],
    [
      "a completion without invocation",
      "f.edn",
      ok,
      "f.edn:1:1: process 0 completes write (ok) without having invoked anything",
    ],
    [
      "a completion of another function",
      "g.edn",
      `${invoke}\n{:process 0, :type :ok, :f :read, :value 1}`,
      "g.edn:2:1: process 0 completes read, but what it invoked last is write",
    ],
    [
      "one process with two operations open",
      "h.edn",
      `${invoke}\n${invoke}`,
      "h.edn:2:1: process 0 invokes write while its write (line 1) is open",
    ],
    [
      "a model that does not fit",
      "i.edn",
      "{:process 0, :type :invoke, :f :enqueue, :value 1}",
      "i.edn:1:1: the model does not fit the operations: the model register knows read, write, and found enqueue",
    ],
    ["an empty file", "j.edn", "\n", "j.edn:1:1: the file has no operations, so nothing was judged"],
    ["an operation without process", "k.edn", "{:type :invoke, :f :read}", "k.edn:1:1: an operation without process"],
    [
      "an operation of no known type",
      "l.edn",
      "{:process 1, :type :started, :f :read}",
      "l.edn:1:1: an operation with the type started",
    ],
    [
      "an operation of an empty type",
      "o.edn",
      '{:process 0, :type "", :f :read}',
      "o.edn:1:1: an operation with no type",
    ],
    [
      "an operation without function",
      "p.edn",
      "{:process 1, :type :invoke, :f nil, :value 1}",
      "p.edn:1:1: an operation without function",
    ],
    [
      "operations that are not in their order",
      "q.edn",
      `${invoke.replace("}", ", :index 3}")}\n${ok.replace("}", ", :index 1}")}`,
      "q.edn:2:1: index 1 comes after index 3; sort the operations by their index",
    ],
    ["EDN that is nested too deep", "r.edn", "[".repeat(20_000), "r.edn:1:503: values are nested more than 500 deep"],
    [
      "JSON that is nested too deep",
      "s.json",
      `{"process":0,"value":${"[".repeat(20_000)}`,
      "s.json:1:522: values are nested more than 500 deep",
    ],
    [
      "an operation line without interval",
      "m.jsonl",
      '{"process":"ann","f":"read","invoked":3,"outcome":"ok","output":1}',
      "m.jsonl:1:1: an operation without returned",
    ],
  ];

  test.each(cases)("%s", async (_, name, text, message) => {
    const { code, out, err } = await runHistory(fileWith(name, text), "--model", "register", "--json");

    expect(err).toContain(message);
    expect(err).toMatch(/; .+\.\n$/);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ verdict: null });
  });

  test("bytes that are no text, and half a compressed file", async () => {
    const latin = path.join(folder, "latin1.edn");
    writeFileSync(latin, Buffer.from(`${invoke}\n${ok.replace("1", '"caf\u00e9"')}`, "latin1"));
    const half = path.join(folder, "half.edn.gz");
    writeFileSync(half, gzipSync(`${invoke}\n${ok}`).subarray(0, 30));

    const ran = await runHistory(latin, half, "--model", "register");

    expect(ran.err).toContain("latin1.edn is no text in UTF-8 (line 2); convert it to UTF-8, as iconv does.");
    expect(ran.err).toContain(
      "half.edn.gz cannot be uncompressed: unexpected end of file. Give a whole gzip file, or plain text.",
    );
    expect(ran.code).toBe(2);
  });

  test("a value that is written twice, which makes transactions impossible to judge", async () => {
    const text =
      '{"process":0,"type":"invoke","value":[["append","x",1]]}\n{"process":1,"type":"invoke","value":[["append","x",1]]}';
    const { code, err } = await runHistory(fileWith("n.json", text), "--model", "list-append");

    expect(err).toContain("n.json:2:1: the value 1 is written to key 'x' twice (also at line 1)");
    expect(code).toBe(2);
  });

  test("a consistency that the model does not have", async () => {
    const { code, err } = await runHistory(
      fileWith("o.edn", invoke),
      "--model",
      "register",
      "--consistency",
      "serializable",
    );

    expect(err).toContain('the model register has no consistency "serializable"; use one of linearizable, sequential');
    expect(code).toBe(2);
  });

  test("a file that is not there", async () => {
    const { code, err } = await runHistory("test/data/no-such.log", "--model", "register");

    expect(err).toBe(
      "test/data/no-such.log cannot be read: there is no such file or folder. Give the path of a recorded history.\n",
    );
    expect(code).toBe(2);
  });

  test("of several files the usable ones are judged, and the exit code is that of the worst", async () => {
    const { code, out } = await runHistory(
      fileWith("p.edn", ok),
      fileWith("q.edn", `${invoke}\n${ok}`),
      "--model",
      "register",
      "--json",
    );

    const { histories } = JSON.parse(out) as { readonly histories: readonly Document[] };
    expect(histories.map(({ verdict }) => verdict)).toEqual([null, "holds"]);
    expect(code).toBe(2);
  });
});
