import { firstDifference } from "./difference.js";
import { wrongEffect } from "./effect.js";
import { freeze } from "./freeze.js";
import { enter, leave, type CodePlace } from "./guard.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import type { Reaction } from "./node.js";
import { dependsOnOrder, noteOrders, reordered } from "./reordered.js";
import { isCalledTwice } from "./sample.js";
import { encode, UnusableValue, type Value } from "./value.js";

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
  return isCalledTwice(handler) ? reactTwice(place, handler, inputs) : reactOnce(place, handler, inputs);
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
  for (const effect of reaction.effects) {
    const wrong = wrongEffect(effect);
    if (wrong !== undefined) throw new NodeFailure(place, wrong);
  }
  freeze(reaction.state);
  return reaction;
}

function reactTwice(place: CodePlace, handler: Handler, inputs: readonly Value[]): Reaction<unknown> {
  const [data, context] = [inputs.slice(0, -1), inputs[inputs.length - 1]];
  const before = data.map((input) => inputText(place, input));
  const reaction = reactOnce(place, handler, inputs);
  const texts = textsOf(place, reaction);
  data.forEach((input, i) => {
    const text = inputText(place, input);
    if (text !== before[i]) {
      throw new NodeFailure(
        place,
        `changes its input in place; it was ${before[i]} and is now ${text}. Return a new value instead.`,
      );
    }
  });
  for (const value of [...data, reaction.state, ...reaction.effects]) noteOrders(value);
  const others = data.map(reordered);
  const isReordered = others.some((other, i) => !Object.is(other, data[i]));
  const first = { reaction, texts };
  const again = withTexts(place, reactOnce(place, handler, [...others, context]));
  if (!isReordered) refuseDifference(place, first, again, isNotDeterministic);
  else if (!isSameApartFromOrder(texts, again.texts)) {
    refuseDifference(place, first, withTexts(place, reactOnce(place, handler, inputs)), isNotDeterministic);
    refuseDifference(place, first, again, dependsOnOrder);
  }
  return reaction;
}

interface WithTexts {
  readonly reaction: Reaction<unknown>;
  readonly texts: Texts;
}

function withTexts(place: CodePlace, reaction: Reaction<unknown>): WithTexts {
  return { reaction, texts: textsOf(place, reaction) };
}

/** The canonical texts of a state and of effects. */
interface Texts {
  readonly state: string;
  readonly effects: readonly string[];
}

function textsOf(place: CodePlace, { state, effects }: Reaction<unknown>): Texts {
  return {
    state: encodeFor(place, "gives a state that cannot be kept", state),
    effects: effects.map((effect) => {
      const text = encodeFor(place, "asks for an effect that cannot be kept", effect);
      // The options of a choice are a set, and offered in canonical order.
      return effect.kind === "choose" ? encode({ ...effect, options: effect.options.map(encode).sort() }) : text;
    }),
  };
}

/** Whether two reactions ask for the same: what they send and emit may come in any order, as loops over Sets give it. */
function isSameApartFromOrder(one: Texts, other: Texts): boolean {
  return one.state === other.state && [...one.effects].sort().join() === [...other.effects].sort().join();
}

const isNotDeterministic: Problem = {
  is: "is not deterministic: called twice with the same input",
  remedy: "Keep what it remembers in the state.",
};
interface Problem {
  readonly is: string;
  readonly remedy: string;
}

function refuseDifference(place: CodePlace, one: WithTexts, other: WithTexts, { is, remedy }: Problem): void {
  const [first, second] = [one.texts, other.texts];
  if (first.state !== second.state) {
    const found = firstDifference(one.reaction.state, other.reaction.state);
    const path = found === undefined || found.path === "" ? "" : ` at ${found.path}`;
    const [left, right] = [found?.left ?? first.state, found?.right ?? second.state];
    throw new NodeFailure(place, `${is}, its state differs${path}: ${left} and then ${right}. ${remedy}`);
  }
  const at = Array.from({ length: Math.max(first.effects.length, second.effects.length) }, (_, i) => i).find(
    (i) => first.effects[i] !== second.effects[i],
  );
  if (at === undefined) return;
  const [left, right] = [first.effects[at] ?? "none", second.effects[at] ?? "none"];
  throw new NodeFailure(place, `${is}, effect ${at + 1} differs: ${left} and then ${right}. ${remedy}`);
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
