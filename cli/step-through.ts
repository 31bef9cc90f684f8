import readline from "node:readline";
import { eventText, offeredText } from "../report/event-text.js";
import { messageText } from "../report/message-text.js";
import { changesText } from "../report/state-text.js";
import { worldText } from "../report/world-text.js";
import { type Choice, describeChoice } from "../sim/choice.js";
import { enabledChoices } from "../sim/enabled.js";
import type { Violation } from "../sim/judge.js";
import type { System } from "../sim/system.js";
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

/** A run that is walked through. */
export interface Walked {
  readonly trace: Trace;
  readonly snapshots: Snapshots;
  readonly violation?: Violation;
  /** The whole world after so many steps. */
  readonly worldAfter: (steps: number) => World;
}

/**
 * Walks a run step by step: on a terminal with keys, which also show the whole state and what else could have been taken;
 * elsewhere all steps, one after the other.
 */
export async function stepThrough(output: Output, walked: Walked): Promise<void> {
  const { trace, worldAfter } = walked;
  const last = trace.length - trace.initialEvents;
  const show = (step: number): void => output.say(stepText(output, walked, step, last));
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    for (let step = 1; step <= last; step += 1) show(step);
    return;
  }
  output.say(
    output.paint.dim(
      "n or space: next, p: previous, s: the whole state, o: what else could have come, q: quit; next after the last step ends it",
    ),
  );
  let step = Math.min(1, last);
  if (step === 0) return;
  const keys = listen();
  show(step);
  for await (const key of keys) {
    if (key === "quit" || (key === "next" && step === last)) break;
    if (key === "state") tellState(output, trace.system, worldAfter(step), step);
    else if (key === "others") tellOthers(output, trace, worldAfter(step - 1), step);
    else {
      step = Math.max(1, step + (key === "next" ? 1 : -1));
      show(step);
    }
  }
}

function tellState(output: Output, system: System, world: World, step: number): void {
  output.say(`      after ${step}:`);
  for (const line of worldText(system, world, output.paint)) output.say(`        ${line}`);
}

function tellOthers(output: Output, trace: Trace, before: World, step: number): void {
  const { system, choices, initialEvents } = trace;
  const taken = describeChoice(choices[initialEvents + step - 1] as Choice);
  const others = enabledChoices(system, before).filter((choice) => describeChoice(choice) !== taken);
  output.say(others.length === 0 ? `      nothing else than ${step} could have come` : `      in place of ${step}:`);
  for (const choice of others) output.say(`        ${offeredText(trace, choice)}`);
}

function stepText({ paint }: Output, { trace, snapshots, violation }: Walked, step: number, last: number): string {
  const event = trace.initialEvents + step - 1;
  const lines = [`${paint.bold(`${step}/${last}`)}  ${eventText(trace, event)}`];
  const [before, after] = [snapshots.at(step - 1), snapshots.at(step)];
  trace.system.nodes.forEach(({ id }, number) => {
    const [old, now] = [before[number], after[number]];
    if (old === undefined || now === undefined || old === now) return;
    for (const change of changesText(old, now)) lines.push(`      ${paint.cyan(String(id))}  ${change}`);
  });
  for (const { event: at, item } of trace.sent) {
    if (at === event) lines.push(paint.dim(`      sends to ${item.to}: ${messageText(item.message)}`));
  }
  if (step === last && violation !== undefined) lines.push(`      ${paint.red(violation.detail)}`);
  return lines.join("\n");
}

type Key = "next" | "previous" | "state" | "others" | "quit";

const keyNames: { readonly [key in Key]: readonly string[] } = {
  next: ["n", "space", "return", "enter", "right", "down"],
  previous: ["p", "left", "up", "backspace"],
  state: ["s"],
  others: ["o"],
  quit: ["q", "escape"],
};

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
          continue;
        }
        const key = (Object.keys(keyNames) as Key[]).find((one) => keyNames[one].includes(name));
        if (key !== undefined) yield key;
      }
    } finally {
      process.stdin.off("keypress", onKey);
      process.stdin.off("end", onEnd);
      process.stdin.setRawMode(false);
      process.stdin.pause();
    }
  })();
}
