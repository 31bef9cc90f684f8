import type { Delivered } from "../../sim/node.js";
import type { CompiledNode } from "../../sim/system.js";
import { Bdd } from "../provenance/bdd.js";
import type { Budget } from "../provenance/effort.js";
import { defaultBudget, Effort } from "../provenance/effort.js";
import {
  checkSpecification,
  InvalidSpecification,
  type Specification,
  type SpecificationVerdict,
  specifiedWitnesses,
} from "../provenance/specification.js";
import { minimalSets } from "../provenance/zdd.js";
import type { Answer } from "./answer.js";
import type { NodeInput } from "./node-input.js";
import type { Asked, Question } from "./question.js";
import type { RunMachines } from "./run-machines.js";

/** The rule beside a node, for one of its answers. */
export interface NamedRule {
  readonly node: string;
  readonly specification: Specification<unknown>;
}

/** How the hand-written rule of a node compares with the definition, at one of its answers. */
export interface CheckedRule {
  readonly event: number;
  /** With events of the run as its positions. */
  readonly verdict: SpecificationVerdict;
}

/**
 * The rule beside a node, as a specification over its inputs; undefined when the node has none, it says nothing of this
 * answer, or something else than messages happened to the node.
 *
 * @throws InvalidSpecification when the rule throws or gives what cannot be witnesses, with the node's name.
 */
export function ruleFor(machines: RunMachines, question: Question, asked: Asked): NamedRule | undefined {
  if (question.kind !== "sent") return undefined;
  const { trace } = machines;
  const { event } = question.emission;
  const node = trace.system.nodes[trace.participants.get(event)];
  const rule = node?.definition.provenance;
  if (node === undefined || rule === undefined || trace.kind(event) !== "deliver") return undefined;
  const messages = asked.trace.map((input) => deliveredBy(node, input as NodeInput));
  const input = deliveredBy(node, asked.input as NodeInput);
  if (input === undefined || messages.includes(undefined)) return undefined;
  const apply = () => rule(messages as never, input as never, node.context);
  try {
    const given = apply();
    return given === undefined ? undefined : { node: node.name, specification: () => given };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new InvalidSpecification(
      `The provenance rule of the node ${node.name} threw "${said}"; correct it, or use --specifications exact.`,
      { cause: error },
    );
  }
}

function deliveredBy(node: CompiledNode, input: NodeInput): Delivered | undefined {
  switch (input.kind) {
    case "deliver":
      return { message: input.message, from: input.from };
    case "initial":
      return { message: input.message, from: node.id };
    default:
      return undefined;
  }
}

/** The rule's answer, believed. @throws InvalidSpecification */
export function trusted(asked: Asked, rule: NamedRule): Answer {
  const positions = inNameOf(rule, () => specifiedWitnesses(rule.specification, asked.trace, asked.input));
  const some = positions.map((witness) => witness.map((position) => asked.events[position] as number));
  const core = (some[0] ?? []).filter((event) => some.every((witness) => witness.includes(event)));
  return { status: "partial", core, factors: [familyOf(some)], some, count: BigInt(some.length), nodes: 0 };
}

/** The rule's answer, compared with the definition. @throws InvalidSpecification */
export function checked(asked: Asked, rule: NamedRule, event: number, budget: Partial<Budget>): CheckedRule {
  const options = { ...asked.options, budget };
  const check = () => checkSpecification(asked.machine, rule.specification, asked.trace, asked.input, options);
  return { event, verdict: eventsOf(asked, inNameOf(rule, check)) };
}

/** A verdict with events of the run in place of positions. */
function eventsOf(asked: Asked, verdict: SpecificationVerdict): SpecificationVerdict {
  const at = (positions: readonly number[]) => positions.map((position) => asked.events[position] as number);
  switch (verdict.kind) {
    case "agrees":
    case "unknown":
      return verdict;
    case "unsound":
      return { kind: "unsound", witness: at(verdict.witness), counterexample: at(verdict.counterexample) };
    case "not-minimal":
      return { kind: "not-minimal", witness: at(verdict.witness), superfluous: at([verdict.superfluous])[0] as number };
    case "incomplete":
      return { kind: "incomplete", missing: at(verdict.missing) };
  }
}

function inNameOf<T>({ node }: NamedRule, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidSpecification)) throw error;
    throw new InvalidSpecification(`At the node ${node}: ${error.message}`, { cause: error });
  }
}

function familyOf(witnesses: readonly (readonly number[])[]) {
  const order = [...new Set(witnesses.flat())].sort((a, b) => a - b);
  const levels = new Map(order.map((event, level) => [event, level]));
  const effort = new Effort(defaultBudget);
  const bdd = new Bdd(effort);
  const all = (events: readonly number[]) =>
    events.reduceRight((rest, event) => bdd.and(bdd.variable(levels.get(event) as number), rest), 1);
  const some = witnesses.reduce((either, witness) => bdd.or(either, all(witness)), 0);
  return minimalSets(bdd, some, order, effort);
}
