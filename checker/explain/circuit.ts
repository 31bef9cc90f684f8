import { eventsOf, suffices } from "./answer.js";
import type { Graph, Vertex } from "./graph.js";

/**
 * The monotone formula over events that a graph stands for, evaluated without writing it out. What is not known counts as
 * false in the one reading, so that what satisfies it suffices, and as true in the other, so that what falsifies it is
 * needed.
 */
export class Circuit {
  readonly #vertices: readonly Vertex[];
  readonly #behind = new Map<number, Vertex | "unknown" | undefined>();

  constructor(readonly graph: Graph) {
    this.#vertices = graph.vertices();
    for (const event of this.events()) {
      const found = graph.behind(event);
      this.#behind.set(event, found === undefined ? undefined : (found.vertex ?? "unknown"));
    }
  }

  /** All events that the formula speaks of. */
  events(): Set<number> {
    const events = new Set(this.graph.required);
    for (const { required, answer } of this.#vertices) {
      for (const event of required) events.add(event);
      for (const event of eventsOf(answer)) events.add(event);
    }
    return events;
  }

  /** The formula's value when these events happen and no others. Linear in the graph. */
  holds(has: (event: number) => boolean, unknown: boolean): boolean {
    const values = new Map<Vertex, boolean>();
    const happens = (event: number): boolean => {
      if (!has(event)) return false;
      const behind = this.#behind.get(event);
      return behind === undefined || (behind === "unknown" ? unknown : values.get(behind) === true);
    };
    for (const vertex of this.#vertices) values.set(vertex, this.#value(vertex, happens, unknown));
    const isAnswered = this.graph.roots.every((root) => {
      const vertex = this.graph.vertex(root);
      return vertex === undefined ? unknown : values.get(vertex) === true;
    });
    return isAnswered && this.graph.required.every(happens);
  }

  #value({ required, answer }: Vertex, happens: (event: number) => boolean, unknown: boolean): boolean {
    if (!required.every(happens)) return false;
    // Of an answer that is not whole only the core is known to be needed.
    if (unknown && answer.factors === undefined) return answer.core.every(happens);
    return suffices(answer, happens);
  }

  /** A smallest set by leaving out what can be left out, the earliest first; undefined when nothing is known to suffice. */
  minimal(): Set<number> | undefined {
    const kept = this.first();
    if (!this.holds((event) => kept.has(event), false)) return undefined;
    for (const event of [...kept].sort((a, b) => a - b)) {
      kept.delete(event);
      if (!this.holds((other) => kept.has(other), false)) kept.add(event);
    }
    return kept;
  }

  /** The smallest alternative of everything that the outcome leads to. */
  first(): Set<number> {
    const kept = new Set<number>();
    const open: Vertex[] = [];
    const add = (event: number): void => {
      if (kept.has(event)) return;
      kept.add(event);
      const behind = this.#behind.get(event);
      if (behind !== undefined && behind !== "unknown") open.push(behind);
    };
    this.graph.required.forEach(add);
    for (const root of this.graph.roots) {
      const vertex = this.graph.vertex(root);
      if (vertex !== undefined) open.push(vertex);
    }
    const seen = new Set<Vertex>();
    for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
      if (seen.has(vertex)) continue;
      seen.add(vertex);
      vertex.required.forEach(add);
      vertex.answer.some[0]?.forEach(add);
    }
    return kept;
  }
}
