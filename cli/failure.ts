import type { NodeFailure } from "../sim/node-failure.js";
import type { Output } from "./output.js";
import { shownPath, userFrames } from "./place.js";

/** What node code did wrong, with paths relative to the current folder. */
export function failureText(failure: NodeFailure): string {
  return failure.message.replace(/(?:file:\/\/)?(\/[^\s():]+)(:\d+:\d+)/g, (_, file: string, at: string) => {
    return shownPath(file) + at;
  });
}

/** Tells a failure of node code, with the lines of its stack that are the user's. */
export function tellFailure(output: Output, failure: NodeFailure): void {
  for (const frame of userFrames(failure.cause)) output.say(output.paint.dim(`    ${frame}`));
  if (failure.place.kind === "property" && /\bnull\b/.test(failure.problem)) {
    output.say("  Of a node that is down the state is null: a property has to ask whether it is `up`.");
  }
}
