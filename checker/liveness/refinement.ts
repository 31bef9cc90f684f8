import { compile } from "../../sim/compile.js";
import { guardedProperty } from "../../sim/judge.js";
import { NodeFailure } from "../../sim/node-failure.js";
import type { PropertyOf } from "../../sim/property.js";
import type { System } from "../../sim/system.js";
import { encode, UnusableValue, type Value } from "../../sim/value.js";
import type { View } from "../../sim/view.js";
import { type InSlices, Pace } from "../pace.js";
import { absent, PairTable } from "../search/engine/pair-table.js";
import type { Witness } from "../verdict.js";
import { AbstractWorlds } from "./abstract-worlds.js";
import { degreeOf, type StateGraph } from "./graph.js";
import { StateQuestion } from "./state-question.js";
import { witnessOf } from "./witness-of.js";

type Refines = PropertyOf<"refines">;

/**
 * Whether each run of the system, seen through the property's mapping, is one of the abstract scenario: breadth-first over
 * pairs of a state and the set of abstract worlds that fit what was seen on the way there (the subset construction), which
 * is one world where `onto` shows all of it.
 */
export function* judgeRefinement(
  system: System,
  graph: StateGraph,
  property: Refines,
  pace: Pace,
): InSlices<{ readonly witness?: Witness; readonly isVacuous: boolean }> {
  const abstract = abstractOf(property, pace);
  const mapped = new StateQuestion(system, graph, (view: View) => imageOf(property, view), pace);
  const first = abstract.initial();
  if (abstract.imageOf(first) !== mapped.of(0)) {
    const detail = falseStartDetail(property, mapped.of(0), abstract.imageOf(first));
    return { isVacuous: false, witness: { property: property.name, detail, choices: [], step: 0 } };
  }
  pace.begin(`steps against those of ${property.abstract.name}`);
  return yield* new Matching(graph, property, abstract, mapped).judge(first, pace);
}

/**
 * Follows one run, given as the views of its worlds: the sentence about its first step that has no abstract counterpart, if
 * any, and the number of that step.
 */
export function strayStep(property: Refines, views: readonly View[]): { detail: string; step: number } | undefined {
  const abstract = abstractOf(property, new Pace());
  const images = views.map((view) => imageOf(property, view));
  const first = abstract.initial();
  const start = images[0] ?? "";
  if (abstract.imageOf(first) !== start) {
    return { detail: falseStartDetail(property, start, abstract.imageOf(first)), step: 0 };
  }
  let set = abstract.setOf([first]);
  for (let step = 1; step < images.length; step += 1) {
    const [before, after] = [images[step - 1] ?? "", images[step] ?? ""];
    const next = abstract.after(set, after);
    if (next === undefined) return { detail: strayDetail(property, step, before, after), step };
    set = next;
  }
  return undefined;
}

function abstractOf(property: Refines, pace: Pace): AbstractWorlds {
  const system = compile(property.abstract, { parameters: property.parameters });
  return new AbstractWorlds(system, (view) => seen(property, () => property.onto(view)), pace);
}

function imageOf(property: Refines, view: View): string {
  return seen(property, () => property.maps(view));
}

function falseStartDetail(property: Refines, start: string, abstract: string): string {
  return `it starts as ${start}, but ${property.abstract.name} starts as ${abstract}`;
}

function strayDetail(property: Refines, step: number, before: string, after: string): string {
  return `step ${step} turns ${before} into ${after}, and no step of ${property.abstract.name} does`;
}

function seen(property: Refines, look: () => Value): string {
  const value = guardedProperty(property, look);
  try {
    return encode(value);
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    const place = { kind: "property", owner: property.name } as const;
    throw new NodeFailure(place, `maps a world to a value that cannot be compared: ${error.message}`, error);
  }
}

/** The search for a step without counterpart. */
class Matching {
  private readonly pairs = new PairTable();
  private readonly states: number[] = [];
  private readonly sets: number[] = [];
  private readonly parents: number[] = [];
  private readonly via: number[] = [];
  private isVacuous = true;

  constructor(
    private readonly graph: StateGraph,
    private readonly property: Refines,
    private readonly abstract: AbstractWorlds,
    private readonly mapped: StateQuestion<string>,
  ) {}

  *judge(first: number, pace: Pace): InSlices<{ readonly witness?: Witness; readonly isVacuous: boolean }> {
    const { offsets, targets } = this.graph;
    this.meet(0, this.abstract.setOf([first]), -1, -1);
    for (let head = 0; head < this.states.length; head += 1) {
      const state = this.states[head] as number;
      for (let edge = offsets[state] as number; edge < (offsets[state + 1] as number); edge += 1) {
        const target = targets[edge] as number;
        const image = this.mapped.of(target);
        if (image !== this.mapped.of(state)) this.isVacuous = false;
        const set = this.abstract.after(this.sets[head] as number, image);
        if (set === undefined) return { isVacuous: false, witness: this.witness(head, edge) };
        this.meet(target, set, head, edge);
      }
      if (pace.finish(1 + degreeOf(this.graph, state))) yield;
    }
    return { isVacuous: this.isVacuous };
  }

  private meet(state: number, set: number, parent: number, edge: number): void {
    if (this.pairs.get(state, set) !== absent) return;
    this.pairs.set(state, set, this.states.length);
    this.states.push(state);
    this.sets.push(set);
    this.parents.push(parent);
    this.via.push(edge);
  }

  private witness(at: number, last: number): Witness {
    const edges = [last];
    for (let pair = at; this.parents[pair] !== -1; pair = this.parents[pair] as number)
      edges.push(this.via[pair] as number);
    const [before, after] = [this.states[at] as number, this.graph.targets[last] as number];
    const detail = strayDetail(this.property, edges.length, this.mapped.of(before), this.mapped.of(after));
    return witnessOf(this.graph, this.property, detail, edges.reverse());
  }
}
