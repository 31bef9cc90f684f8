import readline from "node:readline";
import type { Violation } from "../sim/judge.js";
import { eventText } from "../report/event-text.js";
import { changesText } from "../report/state-text.js";
import type { Trace } from "../sim/trace.js";
import type { NodeSlot, World } from "../sim/world.js";
import type { Output } from "./output.js";

/** The states of all nodes after each step; the initial ones first. */
export class Snapshots {
  private readonly slots: (readonly NodeSlot[])[] = [];

  /** Keeps the parts of a world, which are immutable, and not the world itself. */
  readonly keep = (world: World): void => {
    this.slots.push(world.nodes.slice());
  };

  at(step: number): readonly NodeSlot[] {
    return this.slots[step] ?? [];
  }
}

/**
 * Walks a run step by step: on a terminal with the keys n, p and q; elsewhere all steps, one after the other.
 */
export async function stepThrough(
  output: Output,
  trace: Trace,
  snapshots: Snapshots,
  violation: Violation | undefined,
): Promise<void> {
  const last = trace.length - trace.initialEvents;
  const show = (step: number): void => output.say(stepText(output, trace, snapshots, step, last, violation));
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    for (let step = 1; step <= last; step += 1) show(step);
    return;
  }
  output.say(output.paint.dim("n or space: next, p: previous, q: quit; next after the last step ends it"));
  let step = Math.min(1, last);
  if (step === 0) return;
  const keys = listen();
  show(step);
  for await (const key of keys) {
    if (key === "quit" || (key === "next" && step === last)) break;
    step = Math.max(1, step + (key === "next" ? 1 : -1));
    show(step);
  }
}

function stepText(
  { paint }: Output,
  trace: Trace,
  snapshots: Snapshots,
  step: number,
  last: number,
  violation: Violation | undefined,
): string {
  const event = trace.initialEvents + step - 1;
  const lines = [`${paint.bold(`${step}/${last}`)}  ${eventText(trace, event)}`];
  const [before, after] = [snapshots.at(step - 1), snapshots.at(step)];
  trace.system.nodes.forEach(({ id }, number) => {
    const [old, now] = [before[number], after[number]];
    if (old === undefined || now === undefined || old === now) return;
    for (const change of changesText(old, now)) lines.push(`      ${paint.cyan(String(id))}  ${change}`);
  });
  for (const { event: at, item } of trace.sent) {
    if (at === event) lines.push(paint.dim(`      sends to ${item.to}: ${item.message.kind}`));
  }
  if (step === last && violation !== undefined) lines.push(`      ${paint.red(violation.detail)}`);
  return lines.join("\n");
}

type Key = "next" | "previous" | "quit";

/** Listens to the keys that people press, from now until the terminal closes or nobody asks for more. */
function listen(): AsyncGenerator<Key> {
  readline.emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  const pressed: string[] = [];
  let wake = (): void => {};
  const press = (name: string): void => {
    pressed.push(name);
    wake();
  };
  const onEnd = (): void => press("q");
  const onKey = (text: string | undefined, key: { readonly name?: string; readonly ctrl?: boolean }): void => {
    const leaves = key.ctrl === true && (key.name === "c" || key.name === "d");
    press(leaves ? "q" : (key.name ?? text ?? ""));
  };
  process.stdin.on("keypress", onKey);
  process.stdin.on("end", onEnd);
  process.stdin.resume();
  return (async function* () {
    try {
      for (;;) {
        const name = pressed.shift();
        if (name === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (["n", "space", "return", "enter", "right", "down"].includes(name)) yield "next";
        else if (["p", "left", "up", "backspace"].includes(name)) yield "previous";
        else if (["q", "escape"].includes(name)) yield "quit";
      }
    } finally {
      process.stdin.off("keypress", onKey);
      process.stdin.off("end", onEnd);
      process.stdin.setRawMode(false);
      process.stdin.pause();
    }
  })();
}
