import { Set } from "immutable";
import { type Bag, type BagEvent, defineBag } from "../sim/baggage.js";

/**
 * Labels of sources that may have influenced an event. It follows data and program order, storage included, so that it
 * over-approximates: an event without a label is certainly not influenced.
 *
 * @param sources the labels that an event adds by itself.
 */
export function taint(name: string, sources: (event: BagEvent) => readonly string[]): Bag<Set<string>> {
  return defineBag<Set<string>>({
    name,
    empty: Set(),
    follows: ["message", "duplicate", "timer", "choice", "program", "storage"],
    join: (a, b) => a.union(b),
    at: (labels, event) => labels.union(sources(event)),
  });
}
