import type { Choice } from "../../sim/choice.js";
import { type InFlight, textOf } from "../../sim/network.js";
import type { Trace } from "../../sim/trace.js";
import { causalPast } from "../causality.js";
import type { NodeInput } from "../explain/node-input.js";
import { type Emission, type Influence, type Influenced, targetOf } from "./influence.js";
import { deliveryOf, NodeQuestions, type Reason } from "./node-questions.js";

/**
 * Where the influence of an event ends on its way to an outcome.
 *
 * - `stale`: what carries it was taken up at `at`, after a step that the outcome comes from, the `reader`, which would have
 *   done something else had it come before
 * - `late`: it was taken up after the last step of its receiver that the outcome comes from, or never: a timer that had not
 *   fired, a message still in flight
 * - `lost`: its message was dropped, answered with an error or reached a node that was down, or its timer was cancelled
 * - `masked`: a step that the outcome comes from ran on another input or state because of it, and did the same
 * - `aside`: it reached a participant that the outcome does not come from at all
 * - `unsent`: without it, something would have been sent that has no place in the run
 */
export type Cut =
  | { readonly kind: "stale"; readonly emission: Emission; readonly at: number; readonly reader: number }
  | {
      readonly kind: "late";
      readonly emission: Emission;
      /** When it was taken up after all; null for never. */
      readonly at: number | null;
      /** The receiver's last step that the outcome comes from; null where there is none. */
      readonly reader: number | null;
      /** What a timer or choice that is still pending would send. */
      readonly wouldSend: readonly WouldSend[];
    }
  | { readonly kind: "lost"; readonly emission: Emission; readonly at: number | null }
  | { readonly kind: "masked"; readonly at: number; readonly by: "input" | "state"; readonly reason: Reason | null }
  | { readonly kind: "aside"; readonly emission: Emission; readonly at: number | null }
  | { readonly kind: "unsent"; readonly emission: Emission };

/** A message that was not sent in time. */
export interface WouldSend {
  readonly message: InFlight;
  readonly receiver: number;
  /** The last step that the outcome comes from and that would have done something else had the message come before it. */
  readonly reader: number | null;
}

/** Where the influence of an event ends that did not affect an outcome, in a run and the same made again without it. */
export class Cuts {
  private readonly past: ReadonlySet<number>;
  private readonly questions: NodeQuestions;
  private reasons = 0;
  /** For each participant its last event that the outcome comes from. */
  private readonly readers = new Map<number, number>();

  constructor(
    private readonly trace: Trace,
    private readonly event: number,
    outcome: number,
    private readonly influence: Influence,
  ) {
    this.questions = new NodeQuestions(trace);
    this.past = causalPast(trace, outcome);
    for (const one of [...this.past].sort((a, b) => a - b)) this.readers.set(trace.participants.get(one), one);
  }

  /** What matters most first. */
  all(): Cut[] {
    const cuts: Cut[] = [];
    for (const influenced of this.influence.influenced.values()) {
      for (const emission of influenced.emissions) cuts.push(...this.cutsOf(emission));
      const masked = this.maskedAt(influenced);
      if (masked !== undefined) cuts.push(masked);
    }
    cuts.push(...this.heldBack());
    return cuts.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  }

  /** A step of the outcome's past that ran on something else and did the same. */
  private maskedAt({ event, input, isBefore, isAfter, emissions }: Influenced): Cut | undefined {
    if (!this.past.has(event) || event === this.event || emissions.length > 0 || input === "absent") return undefined;
    const isOther = input !== "same" && !(input === "other" && isBefore);
    if (isOther ? isAfter : !isBefore) return undefined;
    this.reasons += 1;
    const reason = this.reasons > reasonsMax ? undefined : this.questions.reasonOf(event);
    return { kind: "masked", at: event, by: isOther ? "input" : "state", reason: reason ?? null };
  }

  private cutsOf(emission: Emission): Cut[] {
    const { influence, trace } = this;
    if (emission.recorded === null) return [{ kind: "unsent", emission }];
    const takers = influence.takers.get(emission.name) ?? [];
    if (takers.length === 0) return [this.neverTaken(emission)];
    return takers.flatMap((at): Cut[] => {
      const kind = trace.kind(at);
      if (kind === "drop" || kind === "lost") return [{ kind: "lost", emission, at }];
      if (this.past.has(at) || kind === "duplicate" || kind === "delay") return [];
      if (kind === "error") return [{ kind: "lost", emission, at }];
      return [this.takenLate(emission, at)];
    });
  }

  private takenLate(emission: Emission, at: number): Cut {
    const last = this.readers.get(emission.receiver);
    if (last === undefined) return { kind: "aside", emission, at };
    const reader = this.isNode(emission.receiver)
      ? this.readerAt(emission.receiver, this.questions.inputOf(at))
      : undefined;
    if (reader !== undefined) return { kind: "stale", emission, at, reader };
    return { kind: "late", emission, at, reader: last, wouldSend: [] };
  }

  private neverTaken(emission: Emission): Cut {
    const { recorded } = this.influence;
    const reader = this.readers.get(emission.receiver) ?? null;
    if (emission.kind === "message") {
      if (!recorded.isInFlight(emission.name)) return { kind: "lost", emission, at: null };
      if (reader === null) return { kind: "aside", emission, at: null };
      return { kind: "late", emission, at: null, reader, wouldSend: [] };
    }
    const pending = recorded.pendingAt(emission.receiver).filter(({ name }) => name === emission.name);
    if (pending.length === 0) return { kind: "lost", emission, at: null };
    const wouldSend = pending.flatMap(({ choice }) => this.wouldSend(choice));
    return { kind: "late", emission, at: null, reader, wouldSend };
  }

  /** Timers and choices that are pending with and without the event, but would not send the same. */
  private heldBack(): Cut[] {
    const { influence, trace } = this;
    const emitted = new Set(
      [...influence.influenced.values()].flatMap(({ emissions }) => emissions.map(({ name }) => name)),
    );
    const cuts: Cut[] = [];
    for (let node = 0; node < trace.system.nodes.length; node += 1) {
      for (const { name, choice } of influence.recorded.pendingAt(node)) {
        if (emitted.has(name)) continue;
        const wouldSend = this.wouldSend(choice);
        if (wouldSend.length === 0) continue;
        const event = Number.parseInt(name, 10);
        const emission = { name, event, recorded: "", without: "", message: undefined, ...targetOf(name) };
        cuts.push({ kind: "late", emission, at: null, reader: this.readers.get(node) ?? null, wouldSend });
      }
    }
    return cuts;
  }

  /** The messages that a choice would send now because of the event. */
  private wouldSend(choice: Choice): WouldSend[] {
    const { trace, influence } = this;
    const without = influence.without.wouldSend(choice);
    const found: WouldSend[] = [];
    for (const [name, message] of influence.recorded.wouldSend(choice)) {
      const other = without.get(name);
      if (other !== undefined && textOf(other) === textOf(message)) continue;
      const { receiver } = message;
      const reader = this.isNode(receiver) ? this.readerAt(receiver, deliveryOf(trace, message)) : undefined;
      found.push({ message, receiver, reader: reader ?? null });
    }
    return found;
  }

  /** The last step of a node that the outcome comes from and that this input, had it come before, would have changed. */
  private readerAt(node: number, input: NodeInput): number | undefined {
    const steps = [...this.past].filter((event) => this.trace.participants.get(event) === node).sort((a, b) => b - a);
    return steps.find((event) => this.questions.wouldDiffer(event, input));
  }

  private isNode(participant: number): boolean {
    return participant >= 0 && participant < this.trace.system.nodes.length;
  }
}

const order: readonly Cut["kind"][] = ["stale", "late", "lost", "masked", "unsent", "aside"];

/** How many masked steps are explained: each takes an explanation of its own. */
const reasonsMax = 20;
