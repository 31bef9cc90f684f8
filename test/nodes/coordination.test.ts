import { expect, test } from "vitest";
import { applyCoordination, coordinationService, emptyCoordination } from "../../nodes/coordination.js";
import type { CoordinationReply, CoordinationRequest } from "../../nodes/coordination/request.js";
import { nodeId } from "../../sim/node-id.js";
import { contextOf } from "./context.js";

const create = (path: string, data = "0"): CoordinationRequest => ({ kind: "create", path, data });
const read = (path: string): CoordinationRequest => ({ kind: "read", path });
const error = (code: string) => ({ kind: "error", code }) as CoordinationReply;

test.each<[string, CoordinationRequest[], CoordinationRequest, CoordinationReply]>([
  ["a znode below the root is created and read", [create("/p", "1")], read("/p"), { kind: "data", data: "1" }],
  ["a znode needs its parent", [], create("/p/a"), error("no-node")],
  ["an existing znode is not created again", [create("/p", "1")], create("/p", "2"), error("node-exists")],
  [
    "a write replaces the data",
    [create("/p", "1"), { kind: "write", path: "/p", data: "2" }],
    read("/p"),
    { kind: "data", data: "2" },
  ],
  ["a write needs the znode", [], { kind: "write", path: "/p", data: "2" }, error("no-node")],
  [
    "a znode with children is not deleted",
    [create("/p"), create("/p/a")],
    { kind: "delete", path: "/p" },
    error("not-empty"),
  ],
  ["one without is", [create("/p"), { kind: "delete", path: "/p" }], read("/p"), error("no-node")],
  [
    "a list has the children and not the grandchildren",
    [create("/p"), create("/p/b"), create("/p/a"), create("/p/a/x")],
    { kind: "list", path: "/p" },
    { kind: "children", names: ["a", "b"] },
  ],
  ["the root is always there", [create("/p")], { kind: "list", path: "/" }, { kind: "children", names: ["p"] }],
  ["the root is not created", [], create("/"), error("node-exists")],
])("%s", (_, requests, question, reply) => {
  const state = requests.reduce((before, request) => applyCoordination(before, request)[0], emptyCoordination);
  expect(applyCoordination(state, question)[1]).toEqual(reply);
});

test("the node answers the sender", () => {
  const from = { node: nodeId("client") };
  const { effects } = coordinationService().onMessage.read(
    emptyCoordination,
    { kind: "read", path: "/p" },
    from,
    contextOf("coordination", ["zk"], "zk"),
  );
  expect(effects).toEqual([{ kind: "send", to: from.node, message: error("no-node") }]);
});
