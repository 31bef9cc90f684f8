import { expect, test } from "vitest";
import { applyDistributedFiles, distributedFiles, DistributedFilesState } from "../../nodes/distributed-files.js";
import type { DistributedFilesReply, DistributedFilesRequest } from "../../nodes/distributed-files/request.js";
import { nodeId } from "../../sim/node-id.js";
import { contextOf } from "./context.js";

const create = (path: string): DistributedFilesRequest => ({ kind: "create", path });
const write = (path: string, offset: number, bytes: string): DistributedFilesRequest => ({
  kind: "write",
  path,
  offset,
  bytes,
});
const read = (path: string): DistributedFilesRequest => ({ kind: "read", path, offset: 0, length: 9 });
const move = (from: string, to: string): DistributedFilesRequest => ({ kind: "move", from, to });
const mkdir: DistributedFilesRequest = { kind: "make-directory", path: "/d" };
const bytes = (text: string): DistributedFilesReply => ({ kind: "bytes", bytes: text });
const error = (code: string) => ({ kind: "error", code }) as DistributedFilesReply;

test.each<[string, DistributedFilesRequest[], DistributedFilesRequest, DistributedFilesReply]>([
  [
    "a file is created, written and read",
    [create("/f"), write("/f", 0, "abc"), write("/f", 1, "x")],
    read("/f"),
    bytes("axc"),
  ],
  ["a hole reads as zero bytes", [create("/f"), write("/f", 2, "a")], read("/f"), bytes("\0\0a")],
  ["a write of nothing changes nothing", [create("/f"), write("/f", 2, "")], read("/f"), bytes("")],
  ["a file needs its directory", [], create("/d/f"), error("no-such-directory")],
  ["a write needs the file", [], write("/f", 0, "a"), error("no-such-file")],
  ["a path is taken once", [mkdir], create("/d"), error("path-exists")],
  [
    "a moved file keeps its bytes",
    [mkdir, create("/f"), write("/f", 0, "a"), move("/f", "/d/f")],
    read("/d/f"),
    bytes("a"),
  ],
  ["and is gone where it was", [mkdir, create("/f"), move("/f", "/d/f")], read("/f"), error("no-such-file")],
  ["a move does not overwrite", [create("/f"), create("/g")], move("/f", "/g"), error("path-exists")],
])("%s", (_, requests, question, reply) => {
  const state = requests.reduce(
    (before, request) => applyDistributedFiles(before, request)[0],
    new DistributedFilesState(),
  );
  expect(applyDistributedFiles(state, question)[1]).toEqual(reply);
});

test("the node answers the sender", () => {
  const from = { node: nodeId("client") };
  const { effects } = distributedFiles().onMessage.read(
    new DistributedFilesState(),
    { kind: "read", path: "/f", offset: 0, length: 1 },
    from,
    contextOf("distributed-files", ["hdfs"], "hdfs"),
  );
  expect(effects).toEqual([{ kind: "send", to: from.node, message: error("no-such-file") }]);
});
