import type { InFlight } from "../../sim/network.js";
import { itemText, sentText } from "./emission.js";
import type { SentMessage } from "./node-machine.js";

/**
 * What the slots of a run's messages carry when an event sends something else than it did: each recorded message to a
 * receiver is a slot. A slot keeps its own message if that is sent; the other slots take the other messages to the same
 * receiver in order, and what is left has no slot and does not arrive. Undefined for a slot that stays empty.
 */
export function carried(
  recorded: readonly InFlight[],
  sent: readonly SentMessage[],
): readonly (SentMessage | undefined)[] {
  const left = sent.map((message) => ({ message, text: sentText(message), isTaken: false }));
  const slots = recorded.map((item) => {
    const text = itemText(item);
    const own = left.find((one) => !one.isTaken && one.text === text);
    if (own !== undefined) own.isTaken = true;
    return own?.message;
  });
  return slots.map((own, slot) => {
    if (own !== undefined) return own;
    const to = recorded[slot]?.to;
    const other = left.find((one) => !one.isTaken && one.message.to === to);
    if (other !== undefined) other.isTaken = true;
    return other?.message;
  });
}

/** The slot of the message of this text that `copy` equal ones were sent before. */
export function slotNumber(recorded: readonly InFlight[], text: string, copy: number): number {
  let equal = 0;
  return recorded.findIndex((item) => {
    if (itemText(item) !== text) return false;
    equal += 1;
    return equal > copy;
  });
}
