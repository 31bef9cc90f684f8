import { longestChain } from "../checker/causality.js";
import { chainText } from "../report/chain-text.js";
import { diagram } from "../report/diagram.js";
import type { Trace } from "../sim/trace.js";
import type { Output } from "./output.js";

interface StoryOptions {
  readonly chain: boolean;
  /** How many steps come before those that repeat for ever. */
  readonly loop?: number | undefined;
}

/** Tells a run: its diagram, and the longest chain of causes that leads to its last event. */
export function tellStory(output: Output, trace: Trace, options: StoryOptions): void {
  if (output.isQuiet) return;
  const last = trace.length - 1;
  const chain = longestChain(trace, last);
  const steps = trace.length - trace.initialEvents;
  const width = terminalWidth();
  const highlighted = steps > foldAbove ? { highlighted: new Set(chain) } : {};
  output.say();
  const repeating = options.loop === undefined ? {} : { repeatsFrom: trace.initialEvents + options.loop };
  output.say(diagram(trace, { paint: output.paint, width, foldAbove, ...highlighted, ...repeating }));
  if (!options.chain || steps === 0) return;
  output.say();
  output.say(output.paint.bold("The longest chain of causes"));
  output.say(chainText(trace, chain.slice(-foldAbove), { paint: output.paint, width: width - 30 }));
}

export const foldAbove = 60;

/** The terminal's width; a fixed one elsewhere, so that the same input gives the same bytes. */
export function terminalWidth(): number {
  return process.stdout.isTTY === true ? Math.max(process.stdout.columns, 100) : 150;
}
