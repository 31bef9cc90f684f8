import type { EdgeKind } from "../sim/edge.js";
import type { Trace } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";
import type { Paint } from "./paint.js";

/** A chain of causes in sentences, one a line, each with how the one before leads to it. */
export function chainText(
  trace: Trace,
  chain: readonly number[],
  { paint, width = 100 }: { readonly paint: Paint; readonly width?: number },
): string {
  return chain
    .map((event, i) => {
      const number = String(numberOfEvent(trace, event)).padStart(5);
      const before = chain[i - 1];
      const link = before === undefined ? "" : linkText(trace, before, event);
      return `${number}  ${eventText(trace, event, width)}${link === "" ? "" : paint.dim(`  ${link}`)}`;
    })
    .join("\n");
}

/** How an event leads to the next one of a chain. A message needs no words: whoever gets it names its sender. */
function linkText(trace: Trace, before: number, event: number): string {
  const edge = trace.causesOf(event).find((cause) => cause.event === before);
  const number = numberOfEvent(trace, before);
  const words: { readonly [kind in EdgeKind]: string } = {
    message: number === numberOfEvent(trace, event) - 1 ? "" : `sent at ${number}`,
    duplicate: `a copy of what was sent at ${number}`,
    timer: `set at ${number}`,
    choice: `asked for at ${number}`,
    program: trace.participant(event) === undefined ? "" : `after ${number}, at the same place`,
    storage: `from what was saved at ${number}`,
    fault: `after ${number}`,
  };
  return edge === undefined || words[edge.via] === "" ? "" : `← ${words[edge.via]}`;
}
