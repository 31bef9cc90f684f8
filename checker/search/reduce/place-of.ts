import type { Choice } from "../../../sim/choice.js";
import type { NodeId } from "../../../sim/node-id.js";

/** Where a choice is taken: the node or client whose own state and inbox it may change; undefined for the network's own. */
export function placeOf(choice: Choice): NodeId | undefined {
  switch (choice.kind) {
    case "deliver":
    case "drop":
    case "duplicate":
    case "delay":
    case "error":
      return choice.message.to;
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
