import type { Message } from "../message.js";
import { nearest } from "../nearest.js";
import type { NodeId } from "../node-id.js";
import type { CompiledClient } from "../system.js";
import { encode } from "../value.js";
import type { Workload } from "../workload.js";
import { nameOf, type Names } from "./names.js";

/** Refuses requests that could never be sent, and options that could not be told apart. */
export function compileClient(names: Names, id: NodeId, workload: Workload): CompiledClient {
  if (workload.kind === "next") return { id, workload };
  const known = new Set<string>();
  for (const { to, message } of workload.kind === "list" ? workload.operations : workload.options) {
    const text = requestText(names, id, to, message);
    if (workload.kind === "any" && known.has(text)) {
      throw names.invalid(`the client ${id} has the option ${text} twice; remove one.`);
    }
    known.add(text);
  }
  return { id, workload };
}

function requestText(names: Names, client: NodeId, to: NodeId, message: Message): string {
  if (typeof to === "string") {
    throw names.invalid(
      `the client ${client} asks "${String(to)}", a string; say which node it is: nodeId("${String(to)}").`,
    );
  }
  const number = names.numbers.get(to);
  if (number === undefined || number >= names.nodes.length) {
    const hint = nearest(nameOf(to), names.nodes.map(nameOf));
    throw names.invalid(
      `the client ${client} asks ${nameOf(to)}, which is no node${hint === undefined ? "." : `; did you mean ${hint}?`} It has ${names.nodes.join(", ")}.`,
    );
  }
  if (typeof message?.kind !== "string") {
    throw names.invalid(`the client ${client} asks ${to} without a \`kind\`; requests are { kind: ..., ... }.`);
  }
  try {
    return `${nameOf(to)} ${encode(message)}`;
  } catch (error) {
    throw names.invalid(`the client ${client} asks ${to} what cannot be kept: ${(error as Error).message}`);
  }
}
