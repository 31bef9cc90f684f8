import { type Choice, describeChoice } from "../../sim/choice.js";
import { judgeEnd, judgeHolds, judgeStep, judgeTransition, judgeWorld } from "../../sim/judge.js";
import type { Envelope } from "../../sim/message.js";
import type { NodeId } from "../../sim/node-id.js";
import type { Property, PropertyOf } from "../../sim/property.js";
import type { System } from "../../sim/system.js";
import { View } from "../../sim/view.js";
import type { World } from "../../sim/world.js";
import type { Outcome } from "../explain/outcome.js";
import type { Recording } from "./recording.js";

/** What can be asked about: a violation, by the event after which it stood, or an event with what it carries and brings about. */
export type AskedOutcome = Extract<Outcome, { readonly kind: "violation" | "event" }>;

/** A question that cannot be asked: what was found, and what to do next. */
export class UnusableQuestion extends Error {
  override readonly name = "UnusableQuestion";
}

/** Tells whether a run has the outcome of a recorded one. */
export class OutcomeJudge {
  private readonly system: System;
  private readonly property: JudgedProperty | undefined;
  private readonly name: string;
  private readonly emitted: string;
  private readonly isKind: (choice: Choice) => boolean;
  /** Whether there is a kind of event that a good run must have. */
  readonly needsKind: boolean;

  /** @throws UnusableQuestion for a violation that no single run shows. */
  constructor(
    private readonly recording: Recording,
    outcome: AskedOutcome,
  ) {
    const { trace } = recording;
    this.emitted = recording.emittedAt(outcome.event);
    this.system = trace.system;
    this.property = outcome.kind === "violation" ? judgedProperty(this.system, outcome.violation.property) : undefined;
    const choice = trace.choices[outcome.event];
    this.name = choice === undefined ? "" : describeChoice(choice);
    const kind = choice === undefined ? undefined : kindOf(this.system, choice, outcome.kind === "event");
    this.needsKind = kind !== undefined;
    this.isKind = kind ?? (() => true);
  }

  /** Whether a step, the last one that was taken, makes the outcome. */
  isMadeBy(before: World, after: World, choice: Choice): boolean {
    const { property, system } = this;
    if (property === undefined) {
      return describeChoice(choice) === this.name && this.recording.lastEmitted() === this.emitted;
    }
    if (property.kind === "always") return judgeHolds(property, new View(system, after)) !== undefined;
    if (property.kind === "at-quiescence") return false;
    return judgeTransition(property, new View(system, before), new View(system, after), choice) !== undefined;
  }

  /** Whether the outcome stands in a world where a run ends. */
  standsAtEnd(world: World): boolean {
    const { property } = this;
    return property?.kind === "at-quiescence" && judgeHolds(property, new View(this.system, world)) !== undefined;
  }

  /** Whether a choice makes an event of the outcome's kind: the operation returns, a message of the kind arrives. */
  isOfKind(choice: Choice): boolean {
    return this.isKind(choice);
  }

  /** Whether a step breaks any property. */
  isWrong(before: World, after: World, choice: Choice): boolean {
    return (judgeStep(this.system, before, after, choice) ?? judgeWorld(this.system, after)) !== undefined;
  }

  isWrongEnd(world: World): boolean {
    return judgeEnd(this.system, world) !== undefined;
  }
}

type JudgedProperty = PropertyOf<"always" | "step" | "at-quiescence">;

/** The property that an outcome violates. @throws UnusableQuestion when it speaks of whole runs. */
export function judgedProperty(system: System, name: string): JudgedProperty {
  const property: Property | undefined = system.properties.find((one) => one.name === name);
  if (property?.kind === "always" || property?.kind === "step" || property?.kind === "at-quiescence") return property;
  throw new UnusableQuestion(
    `"${name}" speaks of whole runs, and no single event makes a run break it; name an event with --outcome.`,
  );
}

/**
 * The kind of an outcome: the return of the same operation, or for an event of a node that was asked about by itself, the
 * arrival of a message of the same kind. Undefined for what has no content that could be another.
 */
function kindOf(system: System, choice: Choice, isAsked: boolean): ((choice: Choice) => boolean) | undefined {
  if (choice.kind !== "deliver") return undefined;
  const { to, message, call } = choice.message;
  const isClient = (system.numberOf(to) as number) >= system.nodes.length;
  if (isClient) {
    const { index } = (call ?? {}) as { readonly index?: unknown };
    return (other) => (envelopeFor(other, to)?.call as { index?: unknown } | undefined)?.index === index;
  }
  if (!isAsked) return undefined;
  return (other) => envelopeFor(other, to)?.message.kind === message.kind;
}

function envelopeFor(choice: Choice, to: NodeId): Envelope | undefined {
  if (choice.kind !== "deliver") return undefined;
  return choice.message.to === to ? choice.message : undefined;
}
