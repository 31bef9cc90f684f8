import { expect, test } from "vitest";
import { type Checkpoint, checkpointBytes, parseCheckpoint } from "../../../checker/search/checkpoint/checkpoint.js";
import { requireSame } from "../../../checker/search/checkpoint/identity.js";
import { startSearch } from "../../../checker/search/start.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { compile } from "../../../sim/compile.js";

const identity: Checkpoint["identity"] = {
  scenario: "two-phase-commit",
  parameters: { rms: 4 },
  faults: { drop: 1 },
  strategy: "breadth-first",
  code: "a",
  version: "1",
};

const whole = written();

function written(): Buffer {
  const noLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
  const search = startSearch(compile(twoPhaseCommit, { parameters: { rms: 4 } }), {
    strategy: "breadth-first",
    ...noLimits,
  });
  search.advance(500);
  const snapshot = search.snapshot?.();
  if (snapshot === undefined) throw new Error("A breadth-first search gives no snapshot.");
  return Buffer.concat(Array.from(checkpointBytes({ identity, snapshot }), (piece) => piece.slice()));
}

function parse(bytes: Buffer): Checkpoint {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return parseCheckpoint(words, bytes.length);
}

/** Changes one byte: one bit of it, unless it is given a value. */
function broken(at: number, value?: number): Buffer {
  const copy = Buffer.from(whole);
  copy[at] = value ?? (copy[at] as number) ^ 1;
  return copy;
}

const none = "it is no checkpoint; give a file that `check --checkpoint` wrote";
const damaged = "it is damaged: its checksum is not that of what it holds";

test.each<[string, Buffer, string]>([
  ["empty", Buffer.alloc(0), none],
  ["some other file", Buffer.from("{}\n and so on, for some length"), none],
  ["cut off in its first words", whole.subarray(0, 18), "it is truncated: only 18 bytes are there"],
  ["cut off in its header", whole.subarray(0, 100), "it is truncated: only 100 bytes are there"],
  [
    "cut off in its states",
    whole.subarray(0, whole.length - 999),
    `it is truncated: only ${whole.length - 999} of ${whole.length} bytes are there`,
  ],
  ["changed by one bit in its states", broken(whole.length - 4001), damaged],
  ["changed by one bit in its header", broken(28), damaged],
  ["changed by one bit in its checksum", broken(whole.length - 1), damaged],
  ["longer than it was", Buffer.concat([whole, Buffer.alloc(8)]), damaged],
  ["of another format", broken(16, 9), "it has format 9, and this version reads format 1"],
  ["of another byte order", broken(20, 1), "it was made on a machine of another byte order"],
])("a checkpoint that is %s is refused", (_, bytes, reason) => {
  expect(() => parse(bytes)).toThrow(reason);
});

test.each<[string, Partial<Checkpoint["identity"]>, string]>([
  ["another version", { version: "2" }, "it was made by version 1 of Hindcast, and this is 2"],
  ["another scenario", { scenario: "paxos" }, "it is of the scenario two-phase-commit, not of paxos"],
  ["another parameter", { parameters: { rms: 5 } }, "it is of the parameter rms=4, not 5; ask for --param rms=4"],
  ["other faults", { faults: {} }, "it is of the fault budget drop=1, not 0; ask for --faults drop=1"],
  [
    "other faults too",
    { faults: { drop: 1, crash: "any" } },
    "it is of the fault budget crash=0, not any; ask for --faults crash=0",
  ],
  [
    "another strategy",
    { strategy: "depth-first" },
    "it is of a breadth-first search, not of a depth-first one; ask for --strategy breadth-first",
  ],
  ["changed code", { code: "b" }, "the scenario's file, or one that it imports, has changed since it was made"],
])("what a checkpoint is of is compared: %s", (_, other, reason) => {
  const { identity: made } = parse(whole);

  expect(() => requireSame(made, identity)).not.toThrow();
  expect(() => requireSame(made, { ...identity, ...other })).toThrow(reason);
});
