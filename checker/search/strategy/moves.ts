import type { Choice } from "../../../sim/choice.js";
import { grown, type Words } from "../engine/state-table.js";
import type { Successors } from "../engine/successors.js";

/** The steps of a state that lead elsewhere, or fail: what a schedule is made of. In canonical order. */
export class Moves {
  count = 0;
  /** Of each move, which of the listed successors it is. */
  private numbers: Uint32Array = new Uint32Array(64);

  constructor(readonly successors: Successors) {}

  /** Lists the moves of a state. @throws NodeFailure when a workload fails to say what comes next. */
  list(state: number): void {
    const { successors } = this;
    successors.list(state);
    this.count = 0;
    const words = successors.visited.wordsOf(state);
    for (let i = 0; i < successors.count; i += 1) {
      if (successors.failures[i] === undefined && isSame(words, successors.tuples, i)) continue;
      if (this.count === this.numbers.length) this.numbers = grown(this.numbers);
      this.numbers[this.count] = i;
      this.count += 1;
    }
  }

  /** Which of the listed successors a move is. */
  successor(move: number): number {
    return this.numbers[move] as number;
  }

  /** The number of a move's step among all that are known: in every state, the same number is the same choice. */
  entry(move: number): number {
    return this.successors.entries[this.successor(move)] as number;
  }

  choice(move: number): Choice {
    return this.successors.choiceOf(this.successor(move));
  }

  /** Whether something is true of the choices of all moves. */
  every(isTrue: (choice: Choice) => boolean): boolean {
    for (let move = 0; move < this.count; move += 1) if (!isTrue(this.choice(move))) return false;
    return true;
  }

  /** The listed successors that are no moves, as the step changes nothing. */
  *idle(): Generator<number> {
    for (let i = 0, move = 0; i < this.successors.count; i += 1) {
      if (move < this.count && this.successor(move) === i) move += 1;
      else yield i;
    }
  }
}

function isSame(words: Words, tuples: Words, successor: number): boolean {
  const at = successor * words.length;
  for (let word = 0; word < words.length; word += 1) {
    if (words[word] !== tuples[at + word]) return false;
  }
  return true;
}
