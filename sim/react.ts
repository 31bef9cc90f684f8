import { firstDifference } from "./difference.js";
import { notAnEffect } from "./effect.js";
import { enter, leave, type CodePlace } from "./guard.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import type { Reaction } from "./node.js";
import { depthMax, encode, UnusableValue, type Value } from "./value.js";

/** A handler, whatever its inputs: state and message, state and option, saved value … and the context last. */
export type Handler = (...inputs: never[]) => Reaction<unknown>;

/**
 * Calls a handler: the only place where node code runs.
 *
 * The call is guarded against nondeterminism, its reaction is checked and frozen, and a sample of calls is made twice
 * and compared.
 *
 * @throws NodeFailure when the handler throws, is async, gives no reaction, or differs when called again.
 */
export function react(place: CodePlace, handler: Handler, inputs: readonly Value[]): Reaction<unknown> {
  return isCalledTwice("handler") ? reactTwice(place, handler, inputs) : reactOnce(place, handler, inputs);
}

/** Whether the next call of user code belongs to the sample that is made twice. */
export function isCalledTwice(code: keyof typeof calls): boolean {
  if (!isSampled) return false;
  const count = (calls[code] += 1);
  return count <= 32 || count % 128 === 0;
}

/** Counts calls, only to pick the sample. */
const calls = { handler: 0, monitor: 0 };

/** Starts the sample anew, as each run does, so that what is found does not depend on what ran before. */
export function sampleAnew(): void {
  calls.handler = 0;
  calls.monitor = 0;
}

let isSampled = true;

/** Makes every call once meanwhile: of a state that notes what is read of it, comparing would read everything. */
export function unsampled<T>(work: () => T): T {
  const outer = isSampled;
  isSampled = false;
  try {
    return work();
  } finally {
    isSampled = outer;
  }
}

function reactOnce(place: CodePlace, handler: Handler, inputs: readonly Value[]): Reaction<unknown> {
  let reaction: Reaction<unknown>;
  try {
    const outer = enter(place);
    try {
      reaction = handler(...(inputs as never[]));
    } finally {
      leave(outer);
    }
  } catch (error) {
    throw failureOf(place, error);
  }
  if (typeof reaction !== "object" || reaction === null || !Array.isArray(reaction.effects) || !("state" in reaction)) {
    throw new NodeFailure(place, notAReaction(reaction));
  }
  freeze(reaction.state);
  return reaction;
}

function reactTwice(place: CodePlace, handler: Handler, inputs: readonly Value[]): Reaction<unknown> {
  const data = inputs.slice(0, -1);
  const before = data.map((input) => inputText(place, input));
  const reaction = reactOnce(place, handler, inputs);
  const state = encodeFor(place, "gives a state that cannot be kept", reaction.state);
  data.forEach((input, i) => {
    const text = inputText(place, input);
    if (text !== before[i]) {
      throw new NodeFailure(
        place,
        `changes its input in place; it was ${before[i]} and is now ${text}. Return a new value instead.`,
      );
    }
  });
  const again = reactOnce(place, handler, inputs);
  if (encode(again.state) !== state) {
    const found = firstDifference(reaction.state, again.state);
    throw new NodeFailure(
      place,
      `is not deterministic: called twice with the same input, its state differs${found === undefined || found.path === "" ? "" : ` at ${found.path}`}: ` +
        `${found?.left ?? state} and then ${found?.right ?? ""}. Keep what it remembers in the state.`,
    );
  }
  const wrong = reaction.effects.findIndex((effect) => typeof effect !== "object" || effect === null);
  if (wrong >= 0) throw new NodeFailure(place, notAnEffect(reaction.effects[wrong]));
  const [first, second] = [reaction, again].map((one) =>
    one.effects.map((effect) => encodeFor(place, "asks for an effect that cannot be kept", effect)),
  );
  const differing = (first ?? []).findIndex((text, i) => text !== second?.[i]);
  if (differing >= 0 || first?.length !== second?.length) {
    throw new NodeFailure(
      place,
      `is not deterministic: called twice with the same input, effect ${Math.max(differing, 0) + 1} differs: ` +
        `${first?.[Math.max(differing, 0)] ?? "none"} and then ${second?.[Math.max(differing, 0)] ?? "none"}.`,
    );
  }
  return reaction;
}

/** What `recover` is given by a node that never saved is undefined. */
function inputText(place: CodePlace, input: Value): string {
  return input === undefined ? "nothing" : encodeFor(place, "is given a value that cannot be kept", input);
}

function encodeFor(place: CodePlace, problem: string, value: Value): string {
  try {
    return encode(value);
  } catch (error) {
    if (error instanceof UnusableValue) throw new NodeFailure(place, `${problem}: ${error.message}`, error);
    throw error;
  }
}

function notAReaction(found: unknown): string {
  if (typeof (found as { then?: unknown } | null)?.then === "function") {
    return "is async; handlers are synchronous: send a message or set a timer, and go on in its handler.";
  }
  return "gives no reaction; return become(state, ...effects).";
}

/**
 * Freezes plain data, so that changing it after handing it over throws where it is done. What is nested too deep stays
 * as it is: it is refused when it is encoded.
 */
export function freeze(value: Value, depth = 0): void {
  if (depth > depthMax || typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  if (Array.isArray(value)) {
    Object.freeze(value);
    for (const item of value) freeze(item, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    Object.freeze(value);
    for (const name in value) freeze((value as { readonly [name: string]: unknown })[name], depth + 1);
  }
}
