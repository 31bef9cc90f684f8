import { scoreOf } from "../../../sim/judge.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import { readField } from "../engine/layout.js";
import { StateTable } from "../engine/state-table.js";
import type { Successors } from "../engine/successors.js";

/** The scores of states. The scenario is asked once for each combination of the components that its score reads. */
export class Scores {
  /** The components that it has ever read. */
  private read: readonly number[] = [];
  /** The ids of those components that are known, and the score for each. */
  private known = new StateTable(0);
  private scores: number[] = [];

  constructor(
    private readonly system: System,
    private readonly successors: Successors,
  ) {}

  /** @throws NodeFailure when the score's code fails, or gives no number. */
  of(state: number): number {
    const { packing, visited } = this.successors;
    const { arena, width } = visited.table;
    const ids = Uint32Array.from(this.read, (component) => readField(arena, state * width, packing.field(component)));
    const { size } = this.known;
    const position = this.known.insert(ids);
    if (position < size) return this.scores[position] as number;
    const { known } = this;
    const score = this.ask(state);
    if (this.known === known) this.scores[position] = score;
    return score;
  }

  private ask(state: number): number {
    const { components, packing, visited } = this.successors;
    const read = new Set(this.read);
    const world = components.worldOf(packing.unpack(visited.wordsOf(state), 0));
    const score = scoreOf(this.system, new View(this.system, world, (component) => void read.add(component)));
    // It read more than it ever did: what was known of fewer components is forgotten.
    if (read.size > this.read.length) {
      this.read = [...read];
      this.known = new StateTable(this.read.length);
      this.scores = [];
    }
    return score;
  }
}
