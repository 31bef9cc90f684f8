import { Map, Record } from "immutable";
import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { fileSystemProvenance } from "./file-system.provenance.js";
import { ofMessages } from "./of-messages.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import type { FileRequest, FileReply } from "./file-system/request.js";

/** The size of each file, and its written bytes one by one, by `offset:file`; what is not there is a hole. */
export class FileSystemState extends Record({ sizes: Map<string, number>(), bytes: Map<string, string>() }) {}

/** A file comes into being with its first write; holes read as zero bytes, and reads stop at the end of the file. */
export function applyFileSystem(state: FileSystemState, request: FileRequest): readonly [FileSystemState, FileReply] {
  const { file, offset } = request;
  const size = state.sizes.get(file, 0);
  if (request.kind === "read") {
    let bytes = "";
    for (let at = offset; at < Math.min(offset + request.length, size); at += 1) {
      bytes += state.bytes.get(`${at}:${file}`, "\0");
    }
    return [state, { kind: "bytes", bytes }];
  }
  const end = offset + request.bytes.length;
  let { bytes } = state;
  for (let at = offset; at < end; at += 1) bytes = bytes.set(`${at}:${file}`, request.bytes.charAt(at - offset));
  const written = state.set("bytes", bytes);
  const isLonger = request.bytes.length > 0 && end > size;
  const after = isLonger ? written.set("sizes", state.sizes.set(file, end)) : written;
  return [after, { kind: "written", count: request.bytes.length }];
}

/** A node that keeps files in volatile memory. */
export function fileSystem({
  role = "file-system",
}: {
  readonly role?: string;
} = {}): NodeDefinition<FileSystemState, FileRequest> {
  return defineNode<FileSystemState, FileRequest>({
    role,
    start: () => become(new FileSystemState()),
    onMessage: { write: answer, read: answer },
    provenance: ofMessages(fileSystemProvenance),
  });
}

function answer(state: FileSystemState, request: FileRequest, from: Sender): Reaction<FileSystemState> {
  const [after, response] = applyFileSystem(state, request);
  return become(after, reply(from, response));
}
