import type { System } from "../../sim/system.js";
import { View } from "../../sim/view.js";
import { type Pace, userCall } from "../pace.js";
import { absent, PairTable } from "../search/engine/pair-table.js";
import type { StateGraph } from "./graph.js";

/**
 * A question about states whose answers are remembered by the components that it reads: user code runs once for each
 * combination of them.
 */
export class StateQuestion<T> {
  private readonly read = new Set<number>();
  private readonly answers: T[] = [];
  /** Numbers each beginning of a combination. */
  private combinations = new PairTable();
  private combinationCount = 0;
  private answerOf: number[] = [];

  /** @param ask a function of the view alone. */
  constructor(
    private readonly system: System,
    private readonly graph: Pick<StateGraph, "idOf" | "worldOf">,
    private readonly ask: (view: View) => T,
    private readonly pace: Pace,
  ) {}

  /** Whether no answer has depended on anything so far. */
  get readsNothing(): boolean {
    return this.read.size === 0;
  }

  of(state: number): T {
    const combination = this.combinationOf(state);
    const known = this.answerOf[combination];
    if (known !== undefined) return this.answers[known] as T;
    this.pace.spend(userCall);
    const before = this.read.size;
    const view = new View(this.system, this.graph.worldOf(state), (component) => void this.read.add(component));
    const answer = this.ask(view);
    this.answers.push(answer);
    if (this.read.size === before) {
      this.answerOf[combination] = this.answers.length - 1;
    } else {
      // It read more than it ever did: what was known of fewer components is forgotten.
      this.combinations = new PairTable();
      this.combinationCount = 0;
      this.answerOf = [];
      this.answerOf[this.combinationOf(state)] = this.answers.length - 1;
    }
    return answer;
  }

  private combinationOf(state: number): number {
    let combination = 0;
    for (const component of this.read) {
      const id = this.graph.idOf(state, component);
      const known = this.combinations.get(combination, id);
      if (known !== absent) {
        combination = known;
        continue;
      }
      this.combinationCount += 1;
      this.combinations.set(combination, id, this.combinationCount);
      combination = this.combinationCount;
    }
    return combination;
  }
}
