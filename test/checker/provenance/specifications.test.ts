import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { keyValue, type KeyValueInput } from "../../../bench/machines/key-value.js";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import type { Machine } from "../../../checker/provenance/machine.js";
import {
  checkSpecification,
  explainWith,
  InvalidSpecification,
  type Specification,
  specifiedWitnesses,
} from "../../../checker/provenance/specification.js";
import { coordinationProvenance, coordinationProvenanceWithWrites } from "../../../nodes/coordination.provenance.js";
import type { CoordinationRequest } from "../../../nodes/coordination/request.js";
import { distributedFilesProvenance } from "../../../nodes/distributed-files.provenance.js";
import { fileSystemProvenance } from "../../../nodes/file-system.provenance.js";
import type { FileRequest } from "../../../nodes/file-system/request.js";
import {
  correctedLoadBalancerProvenance,
  type LoadBalancerInput,
  loadBalancerMachine,
  loadBalancerProvenance,
} from "../../../nodes/load-balancer.provenance.js";
import { objectStoreProvenance, transitiveObjectStoreProvenance } from "../../../nodes/object-store.provenance.js";
import type { ObjectStoreRequest } from "../../../nodes/object-store/request.js";
import type { RedisCommand } from "../../../nodes/redis/request.js";
import { correctedRedisProvenance, figure4Provenance, redisProvenance } from "../../../nodes/redis.provenance.js";
import { statelessProvenance } from "../../../nodes/stateless.provenance.js";
import { applyStateless } from "../../../nodes/stateless.js";
import type { PageRequest } from "../../../nodes/stateless/request.js";
import { Draw } from "./random.js";
import {
  coordinationMachine,
  distributedFilesMachine,
  fileSystemMachine,
  heartbeat,
  objectStoreMachine,
  pair,
  redisInput,
  redisMachine,
} from "./subjects.js";

/** Positions as the project's notes and the paper write them: `a1,a2 | a3`. */
function shown(witnesses: readonly (readonly number[])[]): string {
  return witnesses.map((witness) => witness.map((position) => `a${position + 1}`).join(",") || "-").join(" | ");
}

/** What the specification says, what the definition says (by brute force), and the verdict of the check. */
function compared<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  specification: Specification<Input>,
  trace: readonly Input[],
  input: Input,
): string[] {
  return [
    shown(specifiedWitnesses(specification, trace, input)),
    shown(bruteForce(machine, trace, input).witnesses),
    checkSpecification(machine, specification, trace, input).kind,
  ];
}

describe("Redis", () => {
  const set = (value: string, key = "x"): RedisCommand => ({ kind: "set", key, value });
  const incr: RedisCommand = { kind: "incr", key: "x" };
  const decr: RedisCommand = { kind: "decr", key: "x" };
  const del: RedisCommand = { kind: "del", keys: ["x"] };
  const append = (value: string): RedisCommand => ({ kind: "append", key: "x", value });
  const get: RedisCommand = { kind: "get", key: "x" };
  const strlen: RedisCommand = { kind: "strlen", key: "x" };

  test.each<[string, RedisCommand[], RedisCommand, string, string, string]>([
    ["C1 equal overwrite", [set("1"), set("1")], get, "a2", "a1 | a2", "incomplete"],
    ["C3 deletion of a missing key", [del], get, "a1", "-", "not-minimal"],
    ["C4 double deletion after a set", [set("v"), del, del], get, "a3", "a2 | a3", "incomplete"],
    [
      "C5 modifier without effect, incrby 0",
      [set("1"), { kind: "incrby", key: "x", by: 0 }],
      get,
      "a1,a2",
      "a1",
      "not-minimal",
    ],
    ["C5 modifier without effect, append of nothing", [set("1"), append("")], get, "a1,a2", "a1", "not-minimal"],
    ["C6 increment of what is no number", [set("a"), incr], get, "a1,a2", "a1", "not-minimal"],
    ["C7 a modifier creates the key", [incr, set("1")], get, "a2", "a1 | a2", "incomplete"],
    ["C7 appends of nothing", [append(""), append("")], get, "a1,a2", "a1 | a2", "not-minimal"],
    ["C8 coincidence across a deletion", [set("1"), decr, del, incr], get, "a3,a4", "a3,a4 | a1,a2,a4", "incomplete"],
    ["C9 strlen is coarser than get", [set("1"), incr], strlen, "a1,a2", "a1 | a2", "not-minimal"],
    ["C9 strlen of two sets", [set("ab"), set("cd")], strlen, "a2", "a1 | a2", "incomplete"],
    ["C10 cancellation is fine", [set("42"), incr, decr], get, "a1,a2,a3", "a1,a2,a3", "agrees"],
  ])("%s", (_, trace, input, specified, exact, verdict) => {
    expect(compared(redisMachine, redisProvenance, trace, input)).toEqual([specified, exact, verdict]);
  });

  test("on 500 random traces the paper's rule for get and strlen is always closed", () => {
    const draw = new Draw(5);
    for (let i = 0; i < 500; i += 1) {
      const trace = draw.list(draw.below(8), () => redisInput(draw));
      const input: RedisCommand = { kind: draw.pick(["get", "strlen"]), key: "x" };
      const { isClosed } = bruteForce(redisMachine, trace, input);
      expect(redisProvenance(trace, input).every(isClosed)).toBe(true);
    }
  });

  test("the corrected rule for set, del and get is exact on all traces up to 6 over two values and two keys", () => {
    const alphabet: RedisCommand[] = [set("0"), set("1"), del, set("0", "y")];
    let traces = 0;
    for (const trace of tracesOver(alphabet, 6)) {
      traces += 1;
      expect(shown(specifiedWitnesses(correctedRedisProvenance, trace, get))).toBe(
        shown(bruteForce(redisMachine, trace, get).witnesses),
      );
    }
    expect(traces).toBe(5461);
  });

  test("C2 an output that equals the initial value needs nothing, if nothing ever left it", () => {
    const latestSet: Specification<KeyValueInput> = (trace, input) => {
      const latest = trace.findLastIndex((earlier) => earlier.kind === "set" && earlier.key === input.key);
      return latest < 0 ? [[]] : [[latest]];
    };
    const setTo = (value: number): KeyValueInput => ({ kind: "set", key: "x", value });
    const question: KeyValueInput = { kind: "get", key: "x" };
    expect(compared(keyValue, latestSet, [setTo(0)], question)).toEqual(["a1", "-", "not-minimal"]);
    expect(compared(keyValue, latestSet, [setTo(1), setTo(0)], question)).toEqual(["a2", "a2", "agrees"]);
  });

  test("figure 4, for a key that was never set, gives one empty witness: its own [] would mean that there is no reason", () => {
    expect(specifiedWitnesses(figure4Provenance, [set("1", "y")], get)).toEqual([[]]);
    expect(compared(redisMachine, figure4Provenance, [set("1"), set("2"), set("1", "y")], get)).toEqual([
      "a2",
      "a2",
      "agrees",
    ]);
  });
});

function* tracesOver<Input>(alphabet: readonly Input[], lengthMax: number): Generator<readonly Input[]> {
  yield [];
  if (lengthMax === 0) return;
  for (const rest of tracesOver(alphabet, lengthMax - 1)) for (const first of alphabet) yield [first, ...rest];
}

describe("POSIX", () => {
  const write = (offset: number, bytes: string): FileRequest => ({ kind: "write", file: "f", offset, bytes });
  const read: FileRequest = { kind: "read", file: "f", offset: 0, length: 2 };

  test.each<[string, FileRequest[], string, string, string]>([
    ["P1 a write behind the range makes the file longer", [write(3, "a")], "-", "a1", "unsound"],
    ["P1 the same with a byte of the range", [write(0, "a"), write(3, "a")], "a1", "a1,a2", "unsound"],
    ["P2 equal bytes", [write(0, "ab"), write(1, "b")], "a1,a2", "a1", "not-minimal"],
    ["P2 equal writes", [write(0, "ab"), write(0, "ab")], "a2", "a1 | a2", "incomplete"],
    ["P3 mixed alternatives", [write(0, "a"), write(0, "ab"), write(1, "b")], "a2,a3", "a2 | a1,a3", "not-minimal"],
  ])("%s", (_, trace, specified, exact, verdict) => {
    expect(compared(fileSystemMachine, fileSystemProvenance, trace, read)).toEqual([specified, exact, verdict]);
  });
});

describe("S3", () => {
  const mb: ObjectStoreRequest = { kind: "create-bucket", bucket: "b" };
  const rb: ObjectStoreRequest = { kind: "remove-bucket", bucket: "b" };
  const at = (object: string) => ({ bucket: "b", object });
  const put = (object: string, content = "1"): ObjectStoreRequest => ({ kind: "put", to: at(object), content });
  const cp = (from: string, to: string): ObjectStoreRequest => ({ kind: "copy", from: at(from), to: at(to) });
  const rm = (object: string): ObjectStoreRequest => ({ kind: "remove", from: at(object) });
  const cat = (object: string): ObjectStoreRequest => ({ kind: "cat", from: at(object) });
  const ls: ObjectStoreRequest = { kind: "list-objects", bucket: "b" };

  test.each<[string, ObjectStoreRequest[], ObjectStoreRequest, string, string, string]>([
    ["S1 the latest creation of the bucket had no effect", [mb, put("o"), mb], cat("o"), "a2,a3", "a1,a2", "unsound"],
    [
      "S2 a failed copy is taken for the creation",
      [mb, put("p"), cp("missing", "p")],
      cat("p"),
      "a1,a3",
      "a1,a2",
      "unsound",
    ],
    ["S3 two creations", [mb, mb, put("o")], cat("o"), "a2,a3", "a1,a3 | a2,a3", "incomplete"],
    [
      "S4 a list without the source of a copy",
      [mb, put("o"), cp("o", "p"), rm("o")],
      ls,
      "a1,a3,a4",
      "a1,a2,a3,a4",
      "unsound",
    ],
    ["S5 a put that failed is no reason", [put("o"), mb], ls, "a1,a2", "a2", "not-minimal"],
    ["S6 the deletion of the bucket", [mb, rb], ls, "a1", "a2", "unsound"],
    ["S6 nothing mattered", [put("o")], cat("o"), "a1", "-", "not-minimal"],
    ["S7 the deletion of the bucket made the put fail", [mb, rb, put("o"), mb], ls, "a3,a4", "a2,a4", "unsound"],
  ])("%s", (_, trace, input, specified, exact, verdict) => {
    expect(compared(objectStoreMachine, objectStoreProvenance, trace, input)).toEqual([specified, exact, verdict]);
  });

  test("S4 is right once a list follows copies to their sources", () => {
    const trace = [mb, put("o"), cp("o", "p"), rm("o")];
    expect(compared(objectStoreMachine, transitiveObjectStoreProvenance, trace, ls)).toEqual([
      "a1,a2,a3,a4",
      "a1,a2,a3,a4",
      "agrees",
    ]);
  });
});

describe("ZooKeeper", () => {
  const create = (path: string, data = "0"): CoordinationRequest => ({ kind: "create", path, data });
  const write = (data: string): CoordinationRequest => ({ kind: "write", path: "/p/a", data });
  const read: CoordinationRequest = { kind: "read", path: "/p/a" };

  test.each<[string, CoordinationRequest[], string, string, string]>([
    [
      "Z1 the text leaves out the write",
      [create("/p"), create("/p/a", "1"), write("3")],
      "a1,a2",
      "a1,a2,a3",
      "unsound",
    ],
    [
      "Z2 a creation that failed",
      [create("/p"), create("/p/a", "1"), create("/p/a", "2")],
      "a1,a3",
      "a1,a2",
      "unsound",
    ],
    ["Z3 the parent created again", [create("/p"), create("/p/a", "1"), create("/p")], "a2,a3", "a1,a2", "unsound"],
  ])("%s", (_, trace, specified, exact, verdict) => {
    expect(compared(coordinationMachine, coordinationProvenance, trace, read)).toEqual([specified, exact, verdict]);
  });

  test.each<[string, CoordinationRequest[], string, string, string]>([
    ["Z1 is right with the write", [create("/p"), create("/p/a", "1"), write("3")], "a1,a2,a3", "a1,a2,a3", "agrees"],
    [
      "Z4 a write to a missing znode is no reason",
      [create("/p"), write("1"), create("/p/a", "1")],
      "a1,a2,a3",
      "a1,a3",
      "not-minimal",
    ],
    ["Z5 an equal write", [create("/p"), create("/p/a", "1"), write("1")], "a1,a2,a3", "a1,a2", "not-minimal"],
  ])("with writes: %s", (_, trace, specified, exact, verdict) => {
    expect(compared(coordinationMachine, coordinationProvenanceWithWrites, trace, read)).toEqual([
      specified,
      exact,
      verdict,
    ]);
  });
});

describe("HDFS", () => {
  test("a read of a moved file comes from the directories, the creation, the writes and the move", () => {
    const trace = [
      { kind: "make-directory", path: "/d" },
      { kind: "create", path: "/f" },
      { kind: "write", path: "/f", offset: 0, bytes: "ab" },
      { kind: "create", path: "/g" },
      { kind: "move", from: "/f", to: "/d/f" },
      { kind: "write", path: "/d/f", offset: 1, bytes: "c" },
    ] as const;
    const input = { kind: "read", path: "/d/f", offset: 0, length: 2 } as const;
    expect(compared(distributedFilesMachine, distributedFilesProvenance, trace, input)).toEqual([
      "a1,a2,a3,a5,a6",
      "a1,a2,a3,a5,a6",
      "agrees",
    ]);
  });
});

describe("load balancer", () => {
  const beat = (server: string, load: number): LoadBalancerInput => ({ kind: "heartbeat", server, load });
  const route: LoadBalancerInput = { kind: "route" };
  const heard = { servers: ["s1", "s2"], unheard: null };
  const idle = { servers: ["s1", "s2"], unheard: 0 };

  test.each<[string, typeof heard | typeof idle, LoadBalancerInput[], string, string, string]>([
    [
      "L1 an older load of a loser would come back",
      heard,
      [beat("s1", 1), beat("s1", 2), beat("s2", 1.5)],
      "a3",
      "a2,a3",
      "unsound",
    ],
    ["L2 a tie", heard, [beat("s1", 1), beat("s2", 1), beat("s1", 2)], "a2", "a2,a3", "unsound"],
    ["L3 any heartbeat of the only server", heard, [beat("s1", 1), beat("s1", 2)], "a2", "a1 | a2", "incomplete"],
    [
      "L4 thresholds",
      heard,
      [beat("s1", 1), beat("s1", 2), beat("s2", 1.5), beat("s2", 2.5)],
      "a2",
      "a1,a4 | a2,a4",
      "unsound",
    ],
    ["L5 no message of the chosen server", idle, [beat("s1", 1)], "-", "a1", "unsound"],
  ])("%s", (_, model, trace, specified, exact, verdict) => {
    const machine = loadBalancerMachine(model);
    expect(compared(machine, loadBalancerProvenance(model), trace, route)).toEqual([specified, exact, verdict]);
    expect(compared(machine, correctedLoadBalancerProvenance(model), trace, route)).toEqual([exact, exact, "agrees"]);
  });

  test.each([null, 0])(
    "the corrected rule is exact on 2,000 random traces of three servers (unheard: %s)",
    (unheard) => {
      const draw = new Draw(6);
      const model = { servers: ["s1", "s2", "s3"], unheard };
      const machine = loadBalancerMachine(model);
      const specification = correctedLoadBalancerProvenance(model);
      for (let i = 0; i < 2000; i += 1) {
        const trace = draw.list(draw.below(8), () => heartbeat(draw));
        expect(shown(specifiedWitnesses(specification, trace, route))).toBe(
          shown(bruteForce(machine, trace, route).witnesses),
        );
      }
    },
  );
});

test("a stateless service answers without any past", () => {
  const machine: Machine<null, PageRequest, unknown> = {
    initial: null,
    step: (state, input: PageRequest) => pair(applyStateless(state, input)),
  };
  const page = { kind: "page", path: "/" } as const;
  expect(compared(machine, statelessProvenance, [page, page], page)).toEqual(["-", "-", "agrees"]);
});

describe("the modes", () => {
  const trace: RedisCommand[] = [
    { kind: "set", key: "x", value: "1" },
    { kind: "set", key: "x", value: "1" },
  ];
  const get: RedisCommand = { kind: "get", key: "x" };

  test("trust gives what the specification says, check also judges it, exact does not ask it", () => {
    expect(explainWith(redisMachine, redisProvenance, "trust", trace, get)).toEqual({
      mode: "trust",
      witnesses: [[1]],
    });
    expect(explainWith(redisMachine, redisProvenance, "check", trace, get)).toEqual({
      mode: "check",
      witnesses: [[1]],
      verdict: { kind: "incomplete", missing: [0] },
    });
    const never: Specification<RedisCommand> = () => {
      throw new Error("not asked");
    };
    expect(explainWith(redisMachine, never, "exact", trace, get)).toMatchObject({
      mode: "exact",
      provenance: { status: "exact" },
    });
  });

  test.each<[string, Specification<RedisCommand>, RegExp]>([
    [
      "throws",
      () => {
        throw new Error("no such key");
      },
      /threw "no such key"; correct it/,
    ],
    ["gives positions behind the trace", () => [[0, 2]], /position 2, which is not in the trace; the 2 inputs/],
    ["gives positions that are no numbers", () => [[0.5]], /position 0.5, which is not in the trace/],
    ["gives no witness", () => [], /gives no witness, but every output has one/],
    ["gives no list", () => ({}) as unknown as number[][], /no list of witnesses/],
  ])("a specification that %s is refused with a sentence", (_, specification, sentence) => {
    expect(() => specifiedWitnesses(specification, trace, get)).toThrow(InvalidSpecification);
    expect(() => checkSpecification(redisMachine, specification, trace, get)).toThrow(sentence);
  });
});

test("the guide's table of lines of specification is counted from the code, beside table 1 of the paper", () => {
  const guide = readFileSync("docs/guide/explaining.md", "utf8");
  const rows = [...guide.matchAll(/^\| `(\S+)\.provenance\.ts` *\| *(\d+) *\| *(\d+|none) *\|/gm)];

  expect(rows.map(([, name, lines]) => [name, Number(lines)])).toEqual(
    rows.map(([, name]) => [name, linesOfCode(`nodes/${name}.provenance.ts`)]),
  );
  expect(Object.fromEntries(rows.map(([, name, , paper]) => [name, paper]))).toMatchObject({
    redis: "30",
    "file-system": "88",
    "object-store": "200",
    coordination: "70",
  });
  expect(rows).toHaveLength(7);
});

/** Lines with code: neither blank nor comment. */
function linesOfCode(path: string): number {
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
}
