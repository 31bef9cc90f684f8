import { expect, test } from "vitest";
import { applyObjectStore, ObjectStoreState, objectStore } from "../../nodes/object-store.js";
import type { ObjectStoreReply, ObjectStoreRequest } from "../../nodes/object-store/request.js";
import { nodeId } from "../../sim/node-id.js";
import { contextOf } from "./context.js";

const at = (object: string, bucket = "b") => ({ bucket, object });
const mb: ObjectStoreRequest = { kind: "create-bucket", bucket: "b" };
const rb: ObjectStoreRequest = { kind: "remove-bucket", bucket: "b" };
const put = (object: string, content: string): ObjectStoreRequest => ({ kind: "put", to: at(object), content });
const cat = (object: string): ObjectStoreRequest => ({ kind: "cat", from: at(object) });
const ls: ObjectStoreRequest = { kind: "list-objects", bucket: "b" };
const error = (code: string) => ({ kind: "error", code }) as ObjectStoreReply;
const content = (text: string): ObjectStoreReply => ({ kind: "content", content: text });

test.each<[string, ObjectStoreRequest[], ObjectStoreRequest, ObjectStoreReply]>([
  ["an object is put and read", [mb, put("o", "1")], cat("o"), content("1")],
  ["a put needs the bucket", [], put("o", "1"), error("no-such-bucket")],
  ["a read needs the object", [mb], cat("o"), error("no-such-object")],
  ["creating a bucket again keeps its objects", [mb, put("o", "1"), mb], cat("o"), content("1")],
  [
    "a copy leaves its source",
    [mb, put("o", "1"), { kind: "copy", from: at("o"), to: at("p") }],
    ls,
    { kind: "names", names: ["o", "p"] },
  ],
  [
    "a move does not",
    [mb, put("o", "1"), { kind: "move", from: at("o"), to: at("p") }],
    ls,
    { kind: "names", names: ["p"] },
  ],
  [
    "a move onto itself changes nothing",
    [mb, put("o", "1"), { kind: "move", from: at("o"), to: at("o") }],
    cat("o"),
    content("1"),
  ],
  [
    "a move to a bucket that is not there keeps the source",
    [mb, put("o", "1"), { kind: "move", from: at("o"), to: at("o", "c") }],
    cat("o"),
    content("1"),
  ],
  [
    "a removed object is gone",
    [mb, put("o", "1"), { kind: "remove", from: at("o") }],
    cat("o"),
    error("no-such-object"),
  ],
  ["a bucket with objects is not removed", [mb, put("o", "1")], rb, error("bucket-not-empty")],
  ["an empty one is", [mb, rb], ls, error("no-such-bucket")],
  [
    "buckets are listed in order",
    [{ kind: "create-bucket", bucket: "c" }, mb],
    { kind: "list-buckets" },
    { kind: "names", names: ["b", "c"] },
  ],
])("%s", (_, requests, question, reply) => {
  const state = requests.reduce((before, request) => applyObjectStore(before, request)[0], new ObjectStoreState());
  expect(applyObjectStore(state, question)[1]).toEqual(reply);
});

test("the node answers the sender", () => {
  const from = { node: nodeId("client") };
  const { effects } = objectStore().onMessage.cat(
    new ObjectStoreState(),
    { kind: "cat", from: at("o") },
    from,
    contextOf("object-store", ["s3"], "s3"),
  );
  expect(effects).toEqual([{ kind: "send", to: from.node, message: error("no-such-bucket") }]);
});
