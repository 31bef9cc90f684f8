import type { Field } from "../engine/layout.js";
import { outgrown } from "../engine/packing.js";
import { hashOfWords, type Words } from "../engine/state-table.js";
import type { Followers } from "./followers.js";
import type { Symmetry } from "./symmetry.js";

/** So many states that were met are remembered, with those that stand for them; a power of two. */
const remembered = 1 << 16;

/** Finds the states that stand for what follows a state. Of two that are met again and again, the last one is remembered. */
export class Standing {
  /** Whether the last one that was visited stands for itself. */
  isItself = true;
  private met: Words = new Uint32Array(0);
  /** By place in `met`: 1 more than the number of the state that stands for that one. */
  private states = new Uint32Array(remembered);
  /** How they are packed. */
  private fields: readonly Field[] = [];
  /** How many images had been made when it was last seen that their ids have room. */
  private imagesWithRoom = -1;

  constructor(
    private readonly followers: Followers,
    private readonly symmetry: Symmetry,
  ) {}

  /** Visits the state that stands for a listed one, coming from `parent`: its number. */
  visit(step: number, parent: number): number {
    const { packing, tuples, visited } = this.followers.successors;
    if (this.fields !== packing.fields) this.forget();
    const { width } = packing;
    const at = step * width;
    const place = hashOfWords(tuples, at, width) & (remembered - 1);
    const known = (this.states[place] as number) - 1;
    if (known < 0 || !isSame(this.met, place * width, tuples, at, width)) return this.find(step, parent);
    this.isItself = isSame(visited.table.arena, known * width, tuples, at, width);
    return known;
  }

  private find(step: number, parent: number): number {
    const { successors } = this.followers;
    const { packing } = successors;
    const ids = packing.unpack(successors.tuples, step * packing.width);
    const standing = this.symmetry.of(ids);
    this.makeRoom(parent);
    const { width } = packing;
    const { tuples } = successors;
    const at = step * width;
    const place = hashOfWords(tuples, at, width) & (remembered - 1);
    for (let word = 0; word < width; word += 1) this.met[place * width + word] = tuples[at + word] as number;
    this.isItself = standing.every((id, component) => id === ids[component]);
    if (!this.isItself) packing.pack(standing, tuples, at);
    const state = successors.visit(step, parent);
    this.states[place] = state + 1;
    return state;
  }

  /** Makes room for the ids of images; what follows the parent is listed again then. */
  private makeRoom(parent: number): void {
    const { successors } = this.followers;
    const { made } = this.symmetry.canonical.images;
    if (made === this.imagesWithRoom) return;
    try {
      successors.packing.checkAll();
    } catch (error) {
      if (error !== outgrown) throw error;
      successors.widen();
      this.followers.list(parent);
      this.forget();
    }
    this.imagesWithRoom = made;
  }

  private forget(): void {
    const { width, fields } = this.followers.successors.packing;
    this.fields = fields;
    this.met = new Uint32Array(remembered * width);
    this.states.fill(0);
  }
}

function isSame(one: Words, at: number, other: Words, otherAt: number, width: number): boolean {
  for (let word = 0; word < width; word += 1) if (one[at + word] !== other[otherAt + word]) return false;
  return true;
}
