import { type Answer, answer, eventsOf } from "./answer.js";
import type { Budget } from "../provenance/effort.js";
import type { SpecificationMode } from "../provenance/specification.js";
import { type Asked, askedOf, behind, eventOf, nameOf, type Question } from "./question.js";
import type { RunMachines } from "./run-machines.js";
import { checked, type CheckedRule, ruleFor, trusted } from "./specified.js";
import type { Variants } from "./variants.js";

/** A question about a run with its answer: an OR over alternatives, each an AND of events. */
export interface Vertex {
  readonly question: Question;
  /** Events that the question takes for granted: that which sent the message. */
  readonly required: readonly number[];
  readonly answer: Answer;
}

export interface GraphOptions {
  readonly budget: Partial<Budget>;
  /** How many questions may be answered. */
  readonly questionsMax: number;
  /** What else each message might have been, for explanations that do not take the messages for granted. */
  readonly variants?: Variants | undefined;
  /** Whether to pause: a question that is being answered is put back, and begun again with the next `advance`. */
  readonly pauses?: (() => boolean) | undefined;
  /** How far the rules beside nodes are believed; `exact`, not at all, unless given. */
  readonly specifications?: SpecificationMode | undefined;
}

/** An answer for which nothing at its place is needed. */
const given: Answer = { status: "exact", core: [], factors: [], some: [[]], count: 1n, nodes: 0 };

/**
 * The AND/OR graph of an outcome: local answers glued along messages. An event of an alternative leads to the question
 * that is behind it, and each question is answered once.
 *
 * Questions of the smallest alternatives come first, so that when the budget is used up at least one explanation is whole
 * if that is possible at all; the questions left open are the frontier.
 */
export class Graph {
  readonly #vertices = new Map<string, Vertex>();
  readonly #frontier = new Map<string, Question>();
  readonly #behindEvents = new Map<number, { readonly question: Question; readonly name: string } | undefined>();
  /** What became of the rules beside nodes that were checked. */
  readonly checkedRules: CheckedRule[] = [];
  /** How many answers are those of rules that were believed. */
  trustedRules = 0;
  #isStopping = false;
  /** Questions not answered yet, by how far they are from the smallest alternatives. */
  readonly #open: Question[][];

  constructor(
    readonly machines: RunMachines,
    readonly roots: readonly Question[],
    /** Events that belong to the outcome itself. */
    readonly required: readonly number[],
    readonly options: GraphOptions,
  ) {
    this.#open = [[...roots, ...this.#behind(required)]];
  }

  get answered(): number {
    return this.#vertices.size;
  }

  /** Answers so many of the open questions, or fewer if it pauses. True when none is left. */
  advance(count: number): boolean {
    for (let left = count; left > 0; left -= 1) {
      const distance = this.#open.findIndex((questions) => questions.length > 0);
      const question = this.#open[distance]?.pop();
      if (question === undefined) return true;
      if (this.#vertices.size >= this.options.questionsMax) {
        this.stop();
        return true;
      }
      if (!this.#answer(question, distance)) {
        this.#open[distance]?.push(question);
        return false;
      }
    }
    return false;
  }

  /**
   * Leaves the questions that are still open to the frontier; given `pauses`, those that cannot be answered at little cost until
   * it says so. Such answers suffice, but may be too large.
   */
  stop(): void {
    this.#isStopping = true;
    const { pauses, questionsMax } = this.options;
    while (pauses?.() === false && this.#vertices.size < questionsMax) {
      const distance = this.#open.findIndex((questions) => questions.length > 0);
      const question = this.#open[distance]?.pop();
      if (question === undefined) break;
      this.#answer(question, distance);
    }
    for (const question of this.#open.flat()) {
      const name = nameOf(question);
      if (!this.#vertices.has(name)) this.#frontier.set(name, question);
    }
    this.#open.length = 0;
  }

  /** False if the answer is not known because of a pause. */
  #answer(question: Question, distance: number): boolean {
    const name = nameOf(question);
    if (this.#vertices.has(name)) return true;
    const asked = askedOf(this.machines, question, this.options.variants);
    const required = [...(question.kind === "sent" ? [question.emission.event] : []), ...(asked?.granted ?? [])];
    const answer = asked === undefined ? given : this.#answerOf(question, asked);
    if (answer.status !== "exact" && !this.#isStopping && this.options.pauses?.() === true) return false;
    const vertex = { question, required, answer };
    this.#vertices.set(name, vertex);
    const near = new Set([...required, ...(vertex.answer.some[0] ?? [])]);
    const far = [...eventsOf(vertex.answer)].filter((event) => !near.has(event));
    for (const [more, events] of [near, far].entries()) {
      const questions = this.#behind(events);
      (this.#open[distance + more] ??= []).push(...questions);
    }
    return true;
  }

  #answerOf(question: Question, asked: Asked): Answer {
    const { specifications = "exact" } = this.options;
    const budget = this.#isStopping ? { ...this.options.budget, ...littleBudget } : this.options.budget;
    const rule = specifications === "exact" ? undefined : ruleFor(this.machines, question, asked);
    if (rule === undefined) return answer(asked, budget);
    if (specifications === "check") {
      this.checkedRules.push(checked(asked, rule, eventOf(question), budget));
      return answer(asked, budget);
    }
    this.trustedRules += 1;
    return trusted(asked, rule);
  }

  #behind(events: Iterable<number>): Question[] {
    return [...events].map((event) => this.#behindEvent(event)?.question).filter((question) => question !== undefined);
  }

  #behindEvent(event: number) {
    let found = this.#behindEvents.get(event);
    if (found === undefined && !this.#behindEvents.has(event)) {
      const question = behind(this.machines, event);
      found = question === undefined ? undefined : { question, name: nameOf(question) };
      this.#behindEvents.set(event, found);
    }
    return found;
  }

  /** The answered questions, those first of which the answers to others are made. */
  vertices(): Vertex[] {
    return [...this.#vertices.values()].sort(
      (a, b) => eventOf(a.question) - eventOf(b.question) || rank(a.question) - rank(b.question),
    );
  }

  /** Questions that were not answered. */
  frontier(): Question[] {
    return [...this.#frontier.values()];
  }

  vertex(question: Question): Vertex | undefined {
    return this.#vertices.get(nameOf(question));
  }

  /** The vertex behind an event; undefined when nothing is, or when it is on the frontier. */
  behind(event: number): { readonly question: Question; readonly vertex: Vertex | undefined } | undefined {
    const found = this.#behindEvent(event);
    return found === undefined ? undefined : { question: found.question, vertex: this.#vertices.get(found.name) };
  }
}

/** What answering a question may cost once time is up. */
const littleBudget: Partial<Budget> = { nodesMax: 5000, valuesMax: 64, roundsMax: 10, shouldStop: () => true };

/** What a client asks comes before what its asking sends. */
function rank(question: Question): number {
  return question.kind === "asked" ? 0 : 1;
}
