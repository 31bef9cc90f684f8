import type { Violation } from "../../sim/judge.js";
import type { Trace } from "../../sim/trace.js";
import { longestChain } from "../causality.js";
import { type Budget, defaultBudget } from "../provenance/effort.js";
import type { SpecificationMode } from "../provenance/specification.js";
import type { Witnesses } from "../provenance/witnesses.js";
import { stuckAt } from "./absence.js";
import { Circuit } from "./circuit.js";
import type { Closure, Explanation, ExplanationMode, ExplanationStatus, Responsibility } from "./explanation.js";
import { checkClosure } from "./closure.js";
import { FixedSlotReplay } from "./fixed-slot-replay.js";
import { explainGlobally } from "./global.js";
import { glue } from "./glue.js";
import { Graph } from "./graph.js";
import type { Outcome, Target } from "./outcome.js";
import { RunMachines } from "./run-machines.js";
import { Variants } from "./variants.js";
import { pastOf } from "./past.js";
import { targetOf, violationOf } from "./targets.js";

export interface ExplainRunOptions {
  readonly mode?: ExplanationMode;
  /** For each question, and for putting the answers together. */
  readonly budget?: Partial<Budget>;
  /** How many questions may be answered; 10,000 unless given. */
  readonly questionsMax?: number;
  /** In how many runs without some of what the smallest explanation leaves out it is checked; 24 unless given. */
  readonly closureRuns?: number;
  /**
   * Asked now and then while `Explaining` works; true ends its `advance` soon. A question that was being answered is begun anew
   * at the next one, so whoever pauses gives more time where nothing was answered.
   */
  readonly pauses?: () => boolean;
  /** How far the rules beside nodes are believed, in local mode; `exact`, not at all, unless given. */
  readonly specifications?: SpecificationMode;
}

/**
 * Explains an outcome of a recorded run: which events, kept, bring it about whatever else is left out.
 *
 * At each node the explanation is exact wat-provenance (Whittaker et al., SoCC 2018), and the nodes' explanations are glued
 * along the messages into an AND/OR graph. An event is a decision of the run: a request, a delivery, a firing, an option, a
 * fault, or a piece of initial data. The run must have been recorded with `details`.
 *
 * @throws UnexplainableNode when a node is not deterministic.
 */
export function explainRun(trace: Trace, outcome: Outcome, options: ExplainRunOptions = {}): Explanation {
  const explaining = new Explaining(trace, outcome, options);
  for (;;) {
    const explanation = explaining.advance(1000);
    if (explanation !== undefined) return explanation;
  }
}

/** An explanation that is made bit by bit. */
export class Explaining {
  readonly #machines: RunMachines;
  readonly #budget: Budget;
  readonly #mode: ExplanationMode;
  readonly #target: Target;
  readonly #graph: Graph;
  readonly #closureRuns: number;
  readonly #pauses: () => boolean;

  constructor(
    readonly trace: Trace,
    readonly outcome: Outcome,
    options: ExplainRunOptions = {},
  ) {
    this.#machines = RunMachines.of(trace);
    this.#pauses = options.pauses ?? (() => false);
    const shouldStop = (): boolean => options.budget?.shouldStop?.() === true || this.#pauses();
    this.#budget = { ...defaultBudget, ...options.budget, shouldStop };
    this.#mode = options.mode ?? "local";
    this.#closureRuns = options.closureRuns ?? 24;
    const target = targetOf(this.#machines, outcome);
    this.#target = target;
    this.#graph = new Graph(this.#machines, target.roots, target.events, {
      budget: this.#budget,
      pauses: options.pauses,
      questionsMax: options.questionsMax ?? 10_000,
      specifications: this.#mode === "local" ? options.specifications : "exact",
      variants: this.#mode === "global" ? new Variants(this.#machines, this.#budget) : undefined,
    });
  }

  /** How many questions have been answered. */
  get answered(): number {
    return this.#graph.answered;
  }

  /** Answers so many questions. Gives the explanation when all are answered that the budget allows. */
  advance(questions: number): Explanation | undefined {
    if (!this.#graph.advance(questions)) return undefined;
    const explanation = this.#explanation();
    // What a pause cut short is done anew.
    return this.#pauses() ? undefined : { ...explanation, closure: this.#closure(explanation.smallest) };
  }

  /** The explanation as far as it is known. */
  stop(): Explanation {
    this.#graph.stop();
    const explanation = this.#explanation();
    return { ...explanation, closure: this.#closure(explanation.smallest) };
  }

  #explanation(): Explanation {
    const { outcome, trace } = this;
    const past = pastOf(this.#machines, this.#target, outcome);
    const circuit = new Circuit(this.#graph);
    const found = this.#mode === "local" ? this.#locally(circuit) : this.#globally(circuit, past);
    const { status, core, smallest, witnesses } = found;
    const stuck = outcome.kind === "no-answer" ? stuckAt(this.#machines, outcome) : undefined;
    return {
      status,
      mode: this.#mode,
      outcome,
      core,
      smallest,
      count: status === "exact" ? (witnesses?.count ?? null) : null,
      alternatives: witnesses?.list(listedMax) ?? (smallest === null ? [] : [smallest]),
      responsibility: responsibilityOf(witnesses?.union() ?? ascending(circuit.events()), found),
      causalPast: past,
      chain: stuck?.led ?? longestChain(trace, outcome.event, new Set(smallest ?? past)),
      graph: this.#graph,
      violation: violationOf(this.#machines, outcome, this.#budget),
      closure: null,
      ends: stuck?.ends ?? null,
    };
  }

  #locally(circuit: Circuit): Found {
    const witnesses = glue(this.#graph, this.#budget);
    const smallest = witnesses?.smallest() ?? nullable(circuit.minimal());
    if (smallest === null) return nothingFound;
    // What is needed is in every explanation, and so in any one.
    const core = smallest.filter((event) => !circuit.holds((other) => other !== event, true));
    const isExact = witnesses !== undefined && this.#graph.trustedRules === 0;
    return { status: isExact ? "exact" : "partial", core, smallest, witnesses };
  }

  /** Exactly, if the run is small enough to be explained as one machine; else by what would be sent instead. */
  #globally(circuit: Circuit, past: readonly number[]): Found {
    const exact = explainGlobally(this.#machines, this.#target, past, this.#budget);
    if (exact !== undefined) {
      return { status: "exact", core: exact.core, smallest: exact.smallest(), witnesses: exact };
    }
    const witnesses = glue(this.#graph, this.#budget);
    const smallest = witnesses?.smallest() ?? nullable(circuit.minimal());
    if (smallest === null) return nothingFound;
    const replay = new FixedSlotReplay(this.#machines, this.#target);
    const core = smallest.filter((event) => !replay.holdsWithout((other) => other === event));
    return { status: "partial", core, smallest, witnesses };
  }

  #closure(explanation: readonly number[] | null): Closure | null {
    if (explanation === null || this.#closureRuns === 0) return null;
    return checkClosure(this.#machines, this.#target, explanation, this.#closureRuns);
  }
}

/** How many alternatives are listed. */
const listedMax = 6;

interface Found {
  readonly status: ExplanationStatus;
  readonly core: readonly number[] | null;
  readonly smallest: readonly number[] | null;
  readonly witnesses: Witnesses | undefined;
}

const nothingFound: Found = { status: "slice-only", core: null, smallest: null, witnesses: undefined };

function nullable(events: ReadonlySet<number> | undefined): readonly number[] | null {
  return events === undefined ? null : ascending(events);
}

function responsibilityOf(events: readonly number[], { status, core, witnesses }: Found): Responsibility[] {
  const inCore = new Set(core ?? []);
  return events
    .map((event): Responsibility => {
      if (inCore.has(event)) return { event, value: 1, others: [] };
      const cut = status === "exact" ? witnesses?.smallestCutThrough(event) : undefined;
      if (cut === undefined || cut === "unknown") return { event, value: null, others: null };
      return { event, value: 1 / cut.length, others: cut.filter((other) => other !== event) };
    })
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || a.event - b.event);
}

function ascending(events: Iterable<number>): number[] {
  return [...events].sort((a, b) => a - b);
}

/** The outcome that a run ended with: its violation, what it threw, or else its last event. */
export function endingOf(
  trace: Trace,
  ended: { readonly violation?: Violation & { readonly step: number }; readonly failure?: unknown },
): Outcome {
  const last = trace.length - 1;
  if (ended.failure !== undefined) return { kind: "crash", event: last };
  const { violation } = ended;
  if (violation !== undefined) {
    return { kind: "violation", event: trace.initialEvents + violation.step - 1, violation };
  }
  return { kind: "event", event: last };
}
