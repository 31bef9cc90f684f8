import type { Message } from "./message.js";
import { type InFlight, textOf } from "./network.js";
import type { NodeId } from "./node-id.js";
import { encode, type Value } from "./value.js";

/**
 * One thing that may happen next, as data. It is named by content (`describeChoice`), never by a number that depends on
 * the path, so that a schedule means the same in every run.
 */
export type Choice =
  | MessageChoice
  | { readonly kind: "fire"; readonly node: NodeId; readonly timer: string }
  | { readonly kind: "choose"; readonly node: NodeId; readonly label: string; readonly option: Value }
  | { readonly kind: "flush" | "crash" | "recover"; readonly node: NodeId }
  | { readonly kind: "invoke"; readonly client: NodeId; readonly index: number; readonly operation?: Operation }
  | { readonly kind: "give-up"; readonly client: NodeId; readonly index: number }
  | { readonly kind: "partition"; readonly name: string }
  | { readonly kind: "heal" };

/** A fate of a message in flight. Of equal messages, the one sent first meets it. */
export interface MessageChoice {
  readonly kind: "deliver" | MessageFault;
  readonly message: InFlight;
}

/** What may befall a message instead of its delivery. */
export type MessageFault = "drop" | "duplicate" | "delay" | "error";

/** A request of a client. */
export interface Operation {
  readonly to: NodeId;
  readonly message: Message;
}

export type ChoiceKind = Choice["kind"];

/** The name of a choice: one line of canonical text. Two choices of one world have the same name only if they are equal. */
export function describeChoice(choice: Choice): string {
  if ("message" in choice) {
    const { from, to, delayed } = choice.message;
    return `${choice.kind}${delayed ? " delayed" : ""} ${from.text}->${to.text} ${textOf(choice.message)}`;
  }
  switch (choice.kind) {
    case "fire":
      return `fire ${choice.node.text} ${choice.timer}`;
    case "choose":
      return `choose ${choice.node.text} ${choice.label} ${encode(choice.option)}`;
    case "flush":
    case "crash":
    case "recover":
      return `${choice.kind} ${choice.node.text}`;
    case "invoke": {
      const which = `invoke ${choice.client.text}:${choice.index}`;
      if (choice.operation === undefined) return which;
      return `${which} ${choice.operation.to.text} ${encode(choice.operation.message)}`;
    }
    case "give-up":
      return `give-up ${choice.client.text}:${choice.index}`;
    case "partition":
      return `partition ${choice.name}`;
    case "heal":
      return "heal";
  }
}

/** Whom a choice happens to: the node or client whose own state and inbox it may change; undefined for the network's own. */
export function participantOf(choice: Choice): NodeId | undefined {
  if ("message" in choice) return choice.message.to;
  switch (choice.kind) {
    case "fire":
    case "choose":
    case "flush":
    case "crash":
    case "recover":
      return choice.node;
    case "invoke":
    case "give-up":
      return choice.client;
    case "partition":
    case "heal":
      return undefined;
  }
}
