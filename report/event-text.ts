import type { Choice } from "../sim/choice.js";
import type { Trace } from "../sim/trace.js";
import { messageText, valueText } from "./message-text.js";

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

/** What happened at an event, as a sentence without its full stop. */
export function eventText(trace: Trace, event: number, width = 60): string {
  const choice = trace.choices[event];
  const where = String(trace.participant(event) ?? "the network");
  if (choice === undefined) return trace.kind(event) === "start" ? `${where} starts` : `${where} takes in initial data`;
  if (trace.kind(event) === "lost" && choice.kind === "deliver") {
    return `${messageText(choice.message.envelope.message, width)} from ${choice.message.envelope.from} is lost: ${where} is down`;
  }
  return choiceText(choice, width);
}

/** A choice as a sentence without its full stop. */
export function choiceText(choice: Choice, width = 60): string {
  switch (choice.kind) {
    case "deliver":
    case "drop":
    case "duplicate":
    case "delay":
    case "error": {
      const { from, to, message } = choice.message.envelope;
      const content = messageText(message, width);
      switch (choice.kind) {
        case "deliver":
          return `${to} gets ${content} from ${from}`;
        case "drop":
          return `${content} from ${from} to ${to} is dropped`;
        case "duplicate":
          return `${content} from ${from} to ${to} is duplicated`;
        case "delay":
          return `${content} from ${from} to ${to} is delayed`;
        case "error":
          return `${content} from ${from} is answered by an error in place of ${to}`;
      }
    }
    // Each message choice has returned.
    case "fire":
      return `${choice.node}'s timer ${choice.timer} fires`;
    case "choose":
      return `${choice.node} chooses ${choice.label} ${valueText(choice.option)}`;
    case "flush":
      return `${choice.node}'s storage is flushed`;
    case "crash":
      return `${choice.node} crashes`;
    case "recover":
      return `${choice.node} recovers`;
    case "invoke":
      return choice.operation === undefined
        ? `${choice.client} invokes operation ${choice.index}`
        : `${choice.client} invokes operation ${choice.index}: ${messageText(choice.operation.message, width)}`;
    case "give-up":
      return `${choice.client} gives up on operation ${choice.index}`;
    case "partition":
      return `the network is partitioned: ${choice.name}`;
    case "heal":
      return "the network heals";
  }
}
