import { itemText } from "../checker/explain/emission.js";
import type { Look, Question } from "../checker/explain/question.js";
import type { Trace } from "../sim/trace.js";
import { numberOfEvent } from "./event-text.js";
import { messageText, valueText } from "./message-text.js";

/** What a question asks, as the end of a sentence that begins with "why". */
export function questionText(trace: Trace, question: Question): string {
  switch (question.kind) {
    case "sent": {
      const { event, text, copy } = question.emission;
      const found = trace.sent.find((sent) => sent.event === event && itemText(sent.item) === text);
      const number = numberOfEvent(trace, event);
      if (found === undefined) return `event ${number} sent a message`;
      const { from, to, message } = found.item;
      return `${from} sent ${messageText(message)} to ${to} at ${number}${copy > 0 ? `, for the ${copy + 1}. time` : ""}`;
    }
    case "asked":
      return `${trace.participant(question.event)} asked what it asked at ${numberOfEvent(trace, question.event)}`;
    case "did":
      return `${trace.participant(question.event)} did what it did at ${numberOfEvent(trace, question.event)}`;
    case "unanswered":
      return `${trace.participant(question.event)} gave no answer at ${numberOfEvent(trace, question.event)}`;
    case "seen":
      return `${lookText(question.look)} of ${trace.system.nodes[question.node]?.name} ${question.look.input.at.length === 1 ? "was" : "were"} as seen after ${question.inputs} inputs`;
  }
}

function lookText(look: Look): string {
  return look.input.at.map((path) => (path.length === 0 ? "everything" : path.map(valueText).join("."))).join(", ");
}
