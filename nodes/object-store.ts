import { Map, Record, Set } from "immutable";
import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { transitiveObjectStoreProvenance } from "./object-store.provenance.js";
import { ofMessages } from "./of-messages.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import { byCodeUnits } from "../sim/value.js";
import type { ObjectName, ObjectStoreRequest, ObjectStoreReply } from "./object-store/request.js";

/** The buckets, and the contents of objects by `bucket/object`; a bucket's name has no slash. */
export class ObjectStoreState extends Record({ buckets: Set<string>(), objects: Map<string, string>() }) {}

type Outcome = readonly [ObjectStoreState, ObjectStoreReply];

const ok: ObjectStoreReply = { kind: "ok" };

/** Failed requests change nothing, nor does creating a bucket that is there; a bucket with objects is not removed. */
export function applyObjectStore(state: ObjectStoreState, request: ObjectStoreRequest): Outcome {
  switch (request.kind) {
    case "create-bucket":
      return [state.set("buckets", state.buckets.add(request.bucket)), ok];
    case "remove-bucket":
      return removeBucket(state, request.bucket);
    case "put":
      return put(state, request.to, request.content);
    case "copy":
    case "move":
      return transfer(state, request);
    case "cat":
      return [state, contentOf(state, request.from)];
    case "remove": {
      const found = contentOf(state, request.from);
      return found.kind === "content" ? [without(state, request.from), ok] : [state, found];
    }
    case "list-objects":
      return [state, listObjects(state, request.bucket)];
    case "list-buckets":
      return [state, { kind: "names", names: [...state.buckets].sort(byCodeUnits) }];
  }
}

function removeBucket(state: ObjectStoreState, bucket: string): Outcome {
  if (!state.buckets.has(bucket)) return [state, error("no-such-bucket")];
  if (state.objects.keySeq().some((path) => path.startsWith(`${bucket}/`))) return [state, error("bucket-not-empty")];
  return [state.set("buckets", state.buckets.delete(bucket)), ok];
}

function put(state: ObjectStoreState, to: ObjectName, content: string): Outcome {
  if (!state.buckets.has(to.bucket)) return [state, error("no-such-bucket")];
  return [state.set("objects", state.objects.set(pathOf(to), content)), ok];
}

function transfer(state: ObjectStoreState, request: ObjectStoreRequest & { readonly kind: "copy" | "move" }): Outcome {
  const { from, to } = request;
  const found = contentOf(state, from);
  if (found.kind !== "content") return [state, found];
  if (!state.buckets.has(to.bucket)) return [state, error("no-such-bucket")];
  return put(request.kind === "move" ? without(state, from) : state, to, found.content);
}

function contentOf(state: ObjectStoreState, from: ObjectName): ObjectStoreReply {
  if (!state.buckets.has(from.bucket)) return error("no-such-bucket");
  const content = state.objects.get(pathOf(from));
  return content === undefined ? error("no-such-object") : { kind: "content", content };
}

function without(state: ObjectStoreState, name: ObjectName): ObjectStoreState {
  return state.set("objects", state.objects.delete(pathOf(name)));
}

function listObjects(state: ObjectStoreState, bucket: string): ObjectStoreReply {
  if (!state.buckets.has(bucket)) return error("no-such-bucket");
  const paths = [...state.objects.keys()].filter((path) => path.startsWith(`${bucket}/`));
  return { kind: "names", names: paths.map((path) => path.slice(bucket.length + 1)).sort(byCodeUnits) };
}

function pathOf({ bucket, object }: ObjectName): string {
  return `${bucket}/${object}`;
}

function error(code: (ObjectStoreReply & { readonly kind: "error" })["code"]): ObjectStoreReply {
  return { kind: "error", code };
}

/** A node that keeps buckets and objects in volatile memory. */
export function objectStore({
  role = "object-store",
}: {
  readonly role?: string;
} = {}): NodeDefinition<ObjectStoreState, ObjectStoreRequest> {
  return defineNode<ObjectStoreState, ObjectStoreRequest>({
    role,
    start: () => become(new ObjectStoreState()),
    onMessage: {
      "create-bucket": answer,
      "remove-bucket": answer,
      put: answer,
      copy: answer,
      move: answer,
      cat: answer,
      remove: answer,
      "list-objects": answer,
      "list-buckets": answer,
    },
    provenance: ofMessages(transitiveObjectStoreProvenance),
  });
}

function answer(state: ObjectStoreState, request: ObjectStoreRequest, from: Sender): Reaction<ObjectStoreState> {
  const [after, response] = applyObjectStore(state, request);
  return become(after, reply(from, response));
}
