import { Map, Record, Set } from "immutable";
import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { distributedFilesProvenance } from "./distributed-files.provenance.js";
import { ofMessages } from "./of-messages.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import { parentOf } from "./coordination/path.js";
import type { DistributedFilesRequest, DistributedFilesReply } from "./distributed-files/request.js";

/** The directories, and the bytes of each file. */
export class DistributedFilesState extends Record({ directories: Set<string>(), files: Map<string, string>() }) {}

type Outcome = readonly [DistributedFilesState, DistributedFilesReply];

const ok: DistributedFilesReply = { kind: "ok" };

/** Files and directories need their parent directory; only files are moved. Failed requests change nothing. */
export function applyDistributedFiles(state: DistributedFilesState, request: DistributedFilesRequest): Outcome {
  switch (request.kind) {
    case "make-directory":
      return whereFree(state, request.path, () => state.set("directories", state.directories.add(request.path)));
    case "create":
      return whereFree(state, request.path, () => state.set("files", state.files.set(request.path, "")));
    case "write": {
      const old = state.files.get(request.path);
      if (old === undefined) return [state, error("no-such-file")];
      return [state.set("files", state.files.set(request.path, overwrite(old, request.offset, request.bytes))), ok];
    }
    case "read": {
      const bytes = state.files.get(request.path);
      if (bytes === undefined) return [state, error("no-such-file")];
      return [state, { kind: "bytes", bytes: bytes.slice(request.offset, request.offset + request.length) }];
    }
    case "move": {
      const bytes = state.files.get(request.from);
      if (bytes === undefined) return [state, error("no-such-file")];
      return whereFree(state, request.to, () =>
        state.set("files", state.files.delete(request.from).set(request.to, bytes)),
      );
    }
  }
}

function whereFree(state: DistributedFilesState, path: string, after: () => DistributedFilesState): Outcome {
  const parent = parentOf(path);
  if (parent !== "/" && !state.directories.has(parent)) return [state, error("no-such-directory")];
  return state.files.has(path) || state.directories.has(path) ? [state, error("path-exists")] : [after(), ok];
}

function overwrite(old: string, offset: number, bytes: string): string {
  if (bytes === "") return old;
  return old.slice(0, offset).padEnd(offset, "\0") + bytes + old.slice(offset + bytes.length);
}

function error(code: (DistributedFilesReply & { readonly kind: "error" })["code"]): DistributedFilesReply {
  return { kind: "error", code };
}

/** A node that keeps directories and files in volatile memory. */
export function distributedFiles({
  role = "distributed-files",
}: {
  readonly role?: string;
} = {}): NodeDefinition<DistributedFilesState, DistributedFilesRequest> {
  return defineNode<DistributedFilesState, DistributedFilesRequest>({
    role,
    start: () => become(new DistributedFilesState()),
    onMessage: { "make-directory": answer, create: answer, write: answer, read: answer, move: answer },
    provenance: ofMessages(distributedFilesProvenance),
  });
}

function answer(
  state: DistributedFilesState,
  request: DistributedFilesRequest,
  from: Sender,
): Reaction<DistributedFilesState> {
  const [after, response] = applyDistributedFiles(state, request);
  return become(after, reply(from, response));
}
