import { expect, test } from "vitest";
import { applyFileSystem, FileSystemState, fileSystem } from "../../nodes/file-system.js";
import type { FileRequest } from "../../nodes/file-system/request.js";
import { nodeId } from "../../sim/node-id.js";
import { contextOf } from "./context.js";

const write = (offset: number, bytes: string): FileRequest => ({ kind: "write", file: "f", offset, bytes });
const read = (offset: number, length: number): FileRequest => ({ kind: "read", file: "f", offset, length });

test.each<[string, FileRequest[], FileRequest, string]>([
  ["a file that was never written is empty", [], read(0, 2), ""],
  ["what is written is read", [write(0, "abc")], read(1, 2), "bc"],
  ["a read stops at the end of the file", [write(0, "abc")], read(2, 5), "c"],
  ["a hole reads as zero bytes", [write(3, "a")], read(0, 4), "\0\0\0a"],
  ["a later write covers an earlier one", [write(0, "abc"), write(1, "x")], read(0, 3), "axc"],
  ["a write of nothing does not make the file longer", [write(5, "")], read(0, 9), ""],
  ["files are apart", [{ ...write(0, "abc"), file: "g" }], read(0, 3), ""],
])("%s", (_, requests, question, bytes) => {
  const state = requests.reduce((before, request) => applyFileSystem(before, request)[0], new FileSystemState());
  expect(applyFileSystem(state, question)[1]).toEqual({ kind: "bytes", bytes });
});

test("the node answers the sender, with its call", () => {
  const node = fileSystem();
  const from = { node: nodeId("client"), call: 3 };
  const { state, effects } = node.onMessage.write(
    new FileSystemState(),
    { kind: "write", file: "f", offset: 0, bytes: "ab" },
    from,
    contextOf("file-system", ["files"], "files"),
  );
  expect(effects).toEqual([{ kind: "send", to: from.node, message: { kind: "written", count: 2 }, call: 3 }]);
  expect(state.sizes.get("f")).toBe(2);
});
