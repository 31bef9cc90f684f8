import type { AbsenceEnd } from "../checker/explain/absence.js";
import type { Explanation } from "../checker/explain/explanation.js";
import type { SpecificationVerdict } from "../checker/provenance/specification.js";
import type { Trace } from "../sim/trace.js";
import { chainText } from "./chain-text.js";
import { diagram } from "./diagram.js";
import { eventText, numberOfEvent } from "./event-text.js";
import { counted, grouped } from "./numbers.js";
import type { Paint } from "./paint.js";

export interface ExplanationTextOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly foldAbove: number;
  /** The first of the events that repeat for ever, up to the last one. */
  readonly repeatsFrom?: number;
}

/** An explanation for people: how good it is, the core, a diagram of one explanation, the others, and how much hangs on what. */
export function explanationText(trace: Trace, explanation: Explanation, options: ExplanationTextOptions): string {
  const parts = [
    statusText(trace, explanation, options.paint),
    section("Where it ended", endsText(trace, explanation, options), options),
    explanation.ends === null ? "" : ledText(trace, explanation, options),
    coreText(trace, explanation, options),
    diagramText(trace, explanation, options),
    section("Other explanations", alternativesText(trace, explanation), options),
    section("How much hangs on what is not always needed", responsibilityText(trace, explanation, options), options),
    section("Why it is a violation", violationText(trace, explanation, options), options),
    section("Rules beside nodes", rulesText(trace, explanation), options),
    closureText(trace, explanation, options.paint),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function section(title: string, text: string, { paint }: ExplanationTextOptions): string {
  return text === "" ? "" : `${paint.bold(title)}\n${text}`;
}

function statusText(trace: Trace, explanation: Explanation, paint: Paint): string {
  const { status, mode, smallest, count, causalPast, graph, ends } = explanation;
  const past = partsText(trace, causalPast);
  const label = (status === "exact" ? paint.green : paint.yellow)(status.replace("-", " "));
  const given = mode === "local" ? "given the messages that were sent" : "whatever messages the rest would send";
  if (smallest === null) return `${label}: ${past} happened before it, or are it; not all of them need have mattered.`;
  if (ends !== null && smallest.length === 0) {
    return `${label}, ${given}: no part of the run gives an answer, whatever is left out; what is missing did not happen.`;
  }
  const some = partsText(trace, smallest);
  if (status === "exact") {
    const others = count === 1n ? "no other explanation" : `one of ${grouped(Number(count))} explanations`;
    return `${label}, ${given}: ${some} suffice, of ${past} in its causal past; ${others}.`;
  }
  const open = graph === null ? 0 : graph.frontier().length;
  const trusted = graph?.trustedRules ?? 0;
  const why =
    open > 0
      ? `${counted(open, "question")} left open`
      : trusted > 0
        ? `${counted(trusted, "answer")} of rules believed`
        : mode === "global"
          ? "the run is too large for all of them"
          : "the budget did not suffice for all";
  return `${label}, ${given}: ${some} suffice, of ${past} in its causal past; there may be smaller ones, and others (${why}).`;
}

/** `12 steps`, `12 steps and 1 piece of initial data`. */
function partsText(trace: Trace, events: readonly number[]): string {
  const steps = events.filter((event) => event >= trace.initialEvents).length;
  const data = events.filter((event) => trace.kind(event) === "initial").length;
  if (data === 0) return counted(steps, "step");
  return `${counted(steps, "step")} and ${data} ${data === 1 ? "piece" : "pieces"} of initial data`;
}

function ledText(trace: Trace, { chain }: Explanation, { paint, width }: ExplanationTextOptions): string {
  return `${paint.bold("What it led to")}\n${chainText(trace, chain, { paint, width: width - 30 })}`;
}

function coreText(trace: Trace, explanation: Explanation, options: ExplanationTextOptions): string {
  const { core, chain, ends, smallest } = explanation;
  const { paint, width } = options;
  if (ends !== null && (smallest === null || smallest.length === 0)) return "";
  if (isWholeDiagram(trace, explanation, options)) return "";
  if (core === null) {
    return `${paint.bold("The longest chain of causes")}\n${chainText(trace, chain, { paint, width: width - 30 })}`;
  }
  const title = paint.bold(coreTitle);
  if (core.length === 0) return `${title}\n${paint.dim("       none: each can be done without, if others stay")}`;
  return `${title}\n${chainText(trace, core.slice(-coreShown), { paint, width: width - 30 })}`;
}

const coreTitle = "Without any of these it does not come about";

/** Whether the core is all that the diagram shows: then that tells it, and a list of the same events would tell it twice. */
function isWholeDiagram(trace: Trace, { core }: Explanation, { foldAbove }: ExplanationTextOptions): boolean {
  const steps = trace.length - trace.initialEvents;
  return core?.length === steps && core.every((event) => event >= trace.initialEvents) && steps <= foldAbove;
}

/** So many events of a core are shown, the latest. */
const coreShown = 60;

function diagramText(trace: Trace, explanation: Explanation, options: ExplanationTextOptions): string {
  const { smallest, causalPast, count, chain, ends } = explanation;
  const title =
    ends !== null && (smallest === null || smallest.length === 0)
      ? "What it led to"
      : isWholeDiagram(trace, explanation, options)
        ? coreTitle
        : smallest === null
          ? "What happened before it"
          : count === 1n
            ? "The explanation"
            : "One smallest explanation";
  const isAbsent = ends !== null && (smallest === null || smallest.length === 0);
  const highlighted = new Set(isAbsent ? chain : (smallest ?? causalPast));
  return `${options.paint.bold(title)} (*)\n${diagram(trace, { ...options, highlighted, stars: true })}`;
}

function alternativesText(trace: Trace, { alternatives, smallest, count }: Explanation): string {
  if (smallest === null || count === null || count <= 1n) return "";
  const first = new Set(smallest);
  const lines = alternatives
    .filter((one) => one.length !== smallest.length || one.some((event) => !first.has(event)))
    .slice(0, alternativesShown)
    .map((one) => {
      const other = new Set(one);
      const instead = smallest.filter((event) => !other.has(event));
      const added = one.filter((event) => !first.has(event));
      return `  ${numbers(trace, added)} instead of ${numbers(trace, instead)}`;
    });
  const left = count - 1n - BigInt(lines.length);
  return left > 0n ? [...lines, `  and ${left} more`].join("\n") : lines.join("\n");
}

const alternativesShown = 5;

function numbers(trace: Trace, events: readonly number[]): string {
  return events.map((event) => numberOfEvent(trace, event)).join(", ");
}

function responsibilityText(trace: Trace, { responsibility }: Explanation, options: ExplanationTextOptions): string {
  return responsibility
    .filter(({ value }) => value !== 1)
    .slice(0, responsibilityShown)
    .map(({ event, value }) => {
      const share = value === null ? "?" : `1/${Math.round(1 / value)}`;
      return `${share.padStart(5)}  ${numberOfEvent(trace, event)}  ${eventText(trace, event, options.width - 20)}`;
    })
    .join("\n");
}

const responsibilityShown = 20;

function violationText(trace: Trace, { violation }: Explanation, { paint, width }: ExplanationTextOptions): string {
  if (violation === null) return "";
  return chainText(trace, violation.smallest, { paint, width: width - 30 });
}

function rulesText(trace: Trace, { graph }: Explanation): string {
  return (graph?.checkedRules ?? [])
    .map(
      ({ event, verdict }) =>
        `${String(numberOfEvent(trace, event)).padStart(5)}  ${trace.participant(event)}: ${verdictText(trace, verdict)}`,
    )
    .join("\n");
}

/** What is wrong with a rule's answer, with the numbers of events. */
function verdictText(trace: Trace, verdict: SpecificationVerdict): string {
  switch (verdict.kind) {
    case "agrees":
      return "the rule agrees with the definition";
    case "unsound": {
      const kept = verdict.counterexample.length === 0 ? "nothing" : numbers(trace, verdict.counterexample);
      return `the rule is unsound: with ${kept} kept, the answer is another`;
    }
    case "not-minimal":
      return `the rule gives too much: it could do without ${numberOfEvent(trace, verdict.superfluous)}`;
    case "incomplete":
      return `the rule misses an explanation: ${numbers(trace, verdict.missing)}`;
    case "unknown":
      return "the budget did not suffice to check the rule";
  }
}

function closureText(trace: Trace, { closure, mode }: Explanation, paint: Paint): string {
  if (closure === null) return "";
  const { runs, counterexample } = closure;
  if (runs === 0) return "";
  if (counterexample === null) {
    return paint.dim(
      `Checked: in ${counted(runs, "run")} without some of what it leaves out it came about all the same.`,
    );
  }
  const what =
    counterexample.length <= 6 ? numbers(trace, counterexample) : counted(counterexample.length, "other event");
  const advice = mode === "local" ? "; without them other messages are sent (see --mode global)" : "";
  return `${paint.yellow("Checked")}: without ${what} it does not come about${advice}.`;
}

function endsText(trace: Trace, { ends }: Explanation, { width }: ExplanationTextOptions): string {
  return (ends ?? [])
    .map((end) => `${String(numberOfEvent(trace, end.event)).padStart(5)}  ${endText(trace, end, width)}`)
    .join("\n");
}

function endText(trace: Trace, end: AbsenceEnd, width: number): string {
  const text = eventText(trace, end.event, width - 40);
  switch (end.kind) {
    case "in-flight":
      return `${text}, and what it sent was still on its way at the end`;
    case "lost":
      return text;
    case "last":
      return `${text}, and nothing came of it`;
  }
}
