import type { Choice, Operation } from "../sim/choice.js";
import type { Message } from "../sim/message.js";
import type { Trace } from "../sim/trace.js";
import { messageText, shorten, valueText } from "./message-text.js";

/**
 * The number under which people meet an event: steps are numbered from 1, as in the schedule; starts and initial data
 * come before, up to 0.
 */
export function numberOfEvent(trace: Trace, event: number): number {
  return event - trace.initialEvents + 1;
}

/** The event of a number that people use; undefined when there is none. */
export function eventOfNumber(trace: Trace, number: number): number | undefined {
  const event = number + trace.initialEvents - 1;
  return Number.isInteger(event) && event >= 0 && event < trace.length ? event : undefined;
}

/** What happened at an event, as a sentence without its full stop; messages are shortened so that it has about `width`. */
export function eventText(trace: Trace, event: number, width = 100): string {
  const choice = trace.choices[event];
  const where = String(trace.participant(event) ?? "the network");
  if (choice === undefined) return trace.kind(event) === "start" ? `${where} starts` : initialText(trace, event, width);
  if (trace.kind(event) === "lost" && choice.kind === "deliver") {
    const { from, message } = choice.message;
    return around(["", ` from ${from} is lost: ${where} is down`], message, width);
  }
  return offeredText(trace, choice, width);
}

/** A choice that is offered in a run as a sentence without its full stop: of a client, with what it asks. */
export function offeredText(trace: Trace, choice: Choice, width = 100): string {
  const asked = choice.kind === "invoke" ? operationOf(trace, choice) : undefined;
  return choiceText(asked === undefined ? choice : ({ ...choice, operation: asked } as Choice), width);
}

function initialText(trace: Trace, event: number, width: number): string {
  const node = trace.system.nodes[trace.participants.get(event)];
  let position = 0;
  while (trace.kind(event - position) === "initial") position += 1;
  const message = node?.initial[position - 1];
  const before = `${node?.name} takes in initial data`;
  return message === undefined ? before : around([`${before}: `, ""], message, width);
}

/** A choice as a sentence without its full stop. */
export function choiceText(choice: Choice, width = 100): string {
  if ("message" in choice) return fateText(choice.kind, choice.message, width);
  switch (choice.kind) {
    case "fire":
      return `${choice.node}'s timer ${choice.timer} fires`;
    case "choose":
      return shorten(`${choice.node} takes ${choice.label} ${valueText(choice.option)}`, width);
    case "flush":
      return `${choice.node}'s storage is flushed`;
    case "crash":
      return `${choice.node} crashes`;
    case "recover":
      return `${choice.node} recovers`;
    case "invoke": {
      const asked = choice.operation;
      if (asked === undefined) return `${choice.client} invokes operation ${choice.index}`;
      return around([`${choice.client} asks ${asked.to}: `, ""], asked.message, width);
    }
    case "give-up":
      return `${choice.client} gives up on operation ${choice.index}`;
    case "partition":
      return `the network is partitioned: ${choice.name}`;
    case "heal":
      return "the network heals";
  }
}

type Fate = "deliver" | "drop" | "duplicate" | "delay" | "error";
type Envelope = Extract<Choice, { kind: Fate }>["message"];

function fateText(fate: Fate, { from, to, message }: Envelope, width: number): string {
  switch (fate) {
    case "deliver":
      return around([`${to} gets `, ` from ${from}`], message, width);
    case "drop":
      return around(["", ` from ${from} to ${to} is dropped`], message, width);
    case "duplicate":
      return around(["", ` from ${from} to ${to} is duplicated`], message, width);
    case "delay":
      return around(["", ` from ${from} to ${to} is delayed`], message, width);
    case "error":
      return around(["", ` from ${from} is answered by an error in place of ${to}`], message, width);
  }
}

/** A message between two pieces of text that are never shortened. */
function around([before, after]: readonly [string, string], message: Message, width: number): string {
  return `${before}${messageText(message, Math.max(width - before.length - after.length, 12))}${after}`;
}

/** What a client asks: said by the choice itself, or by its list of operations. */
function operationOf(trace: Trace, choice: Extract<Choice, { kind: "invoke" }>): Operation | undefined {
  if (choice.operation !== undefined) return choice.operation;
  const client = trace.system.clients.find(({ id }) => id === choice.client);
  if (client?.workload.kind === "list") return client.workload.operations[choice.index];
  const event = trace.choices.indexOf(choice);
  return trace.sent.find((sent) => sent.event === event)?.item;
}
