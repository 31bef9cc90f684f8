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

  /** Answers so many of the open questions. True when none is left. */
  advance(count: number): boolean {
    for (let left = count; left > 0; left -= 1) {
      const distance = this.#open.findIndex((questions) => questions.length > 0);
      const question = this.#open[distance]?.pop();
      if (question === undefined) return true;
      if (this.#vertices.size >= this.options.questionsMax) {
        this.stop();
        return true;
      }
      this.#answer(question, distance);
    }
    return false;
  }

  /** Leaves the questions that are still open to the frontier. */
  stop(): void {
    for (const question of this.#open.flat()) {
      const name = nameOf(question);
      if (!this.#vertices.has(name)) this.#frontier.set(name, question);
    }
    this.#open.length = 0;
  }

  #answer(question: Question, distance: number): void {
    const name = nameOf(question);
    if (this.#vertices.has(name)) return;
    const asked = askedOf(this.machines, question, this.options.variants);
    const required = [...(question.kind === "sent" ? [question.emission.event] : []), ...(asked?.granted ?? [])];
    const vertex = { question, required, answer: asked === undefined ? given : this.#answerOf(question, asked) };
    this.#vertices.set(name, vertex);
    const near = new Set([...required, ...(vertex.answer.some[0] ?? [])]);
    const far = [...eventsOf(vertex.answer)].filter((event) => !near.has(event));
    for (const [more, events] of [near, far].entries()) {
      const questions = this.#behind(events);
      (this.#open[distance + more] ??= []).push(...questions);
    }
  }

  #answerOf(question: Question, asked: Asked): Answer {
    const { budget, specifications = "exact" } = this.options;
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

/** What a client asks comes before what its asking sends. */
function rank(question: Question): number {
  return question.kind === "asked" ? 0 : 1;
}
