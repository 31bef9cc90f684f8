import { encode, type Value } from "../../sim/value.js";
import { absent, type CellId, Cells, isShell, type ValueId } from "./cells.js";
import { type Changes, forEachWrite } from "./changes.js";
import { contentText } from "./content.js";
import { OutOfBudget } from "./effort.js";
import { type Machine, type Outcome, threw, UnusableMachine } from "./machine.js";
import { unwrap } from "./tracked.js";
import { type Read, TrackedRun } from "./tracked-run.js";

/** What an input does in all states that agree on the cells that it reads. */
export interface Leaf<Output> {
  readonly reads: readonly Read[];
  readonly changes: Changes;
  readonly outcome: Outcome<Output>;
}

interface Branch<Output> {
  readonly read: Read;
  readonly children: Map<number, Tree<Output>>;
}

type Tree<Output> = Branch<Output> | Leaf<Output>;

function isLeaf<Output>(tree: Tree<Output>): tree is Leaf<Output> {
  return "outcome" in tree;
}

/** The number of an input's content: equal inputs share what is learnt about them. */
export type InputId = number;

export type Lookup = (cell: CellId) => ValueId;

/** Any machine's transitions: the analyses do not look at its states, inputs and outputs. */
export type AnyTransitions = Transitions<unknown, unknown, unknown>;

const unchanged: Changes = { clears: [], sets: [] };

/**
 * A machine as functions from cells to cells. Each input has a tree of what it reads; user code runs once for each
 * path of the tree, and never again for a state that agrees on the cells read.
 */
export class Transitions<State, Input, Output> {
  readonly cells: Cells;
  readonly initial: ReadonlyMap<CellId, ValueId>;
  readonly #inputs: Input[] = [];
  readonly #texts = new Map<string, InputId>();
  readonly #trees: (Tree<Output> | undefined)[] = [];
  readonly #footprints: (ReadonlySet<CellId> | undefined)[] = [];
  readonly #contents = new Map<string, number>();

  /** With `isWhole`, a state is one cell, whatever its shape: nothing is tracked. */
  constructor(
    readonly machine: Machine<State, Input, Output>,
    readonly isWhole = false,
  ) {
    this.cells = new Cells(isWhole, machine.nested);
    this.initial = this.cells.split(machine.initial);
  }

  inputId(input: Input): InputId {
    const text = contentText(input);
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.#inputs.length);
    this.#inputs.push(input);
    const paths = this.isWhole ? undefined : this.machine.footprint?.(input);
    const footprint = paths?.map((path) => this.cells.cellAt(path));
    this.#footprints.push(footprint === undefined ? undefined : new Set(footprint));
    return this.#inputs.length - 1;
  }

  input(id: InputId): Input {
    return this.#inputs[id] as Input;
  }

  footprint(id: InputId): ReadonlySet<CellId> | undefined {
    return this.#footprints[id];
  }

  /** What the input does in the state that `lookup` gives. */
  run(id: InputId, lookup: Lookup): Leaf<Output> {
    let tree = this.#trees[id];
    while (tree !== undefined && !isLeaf(tree)) tree = tree.children.get(this.#branchKey(tree.read, lookup));
    return tree ?? this.#grow(id, lookup);
  }

  /** The state after the inputs, as values by cell; absent cells may be missing. */
  rowAfter(ids: readonly InputId[]): ValueId[] {
    const row: ValueId[] = [];
    for (const [cell, value] of this.initial) row[cell] = value;
    const lookup: Lookup = (cell) => row[cell] ?? absent;
    for (const id of ids) {
      forEachWrite(this.cells, this.run(id, lookup).changes, (cell, value) => {
        row[cell] = value;
      });
    }
    return row;
  }

  /**
   * Visits what the input does for every combination of the values that its cells may have.
   *
   * `valuesOf` gives undefined for a cell with too many to list. Nothing is thrown while user code runs, which could
   * take it for its own error.
   *
   * @throws OutOfBudget after `pathsMax` combinations, or when such a cell is read.
   */
  explore(
    id: InputId,
    valuesOf: (cell: CellId) => readonly ValueId[] | undefined,
    pathsMax: number,
    visit: (leaf: Leaf<Output>, at: ReadonlyMap<CellId, ValueId>) => void,
  ): void {
    const at = new Map<CellId, ValueId>();
    const lookup: Lookup = (cell) => at.get(cell) ?? valuesOf(cell)?.[0] ?? absent;
    let paths = 0;
    const descend = (tree: Tree<Output>): void => {
      if (isLeaf(tree)) {
        paths += 1;
        if (paths > pathsMax) throw new OutOfBudget("values");
        visit(tree, at);
      } else if (tree.read >= 0) forEach(tree.read, () => descend(this.#child(id, tree, lookup)));
      else this.#forEachWhole(tree.read, 0, forEach, () => descend(this.#child(id, tree, lookup)));
    };
    const forEach = (cell: CellId, then: () => void): void => {
      if (at.has(cell)) return then();
      const values = valuesOf(cell);
      if (values === undefined) throw new OutOfBudget("values");
      for (const value of values) {
        at.set(cell, value);
        then();
      }
      at.delete(cell);
    };
    descend(this.#tree(id, lookup));
  }

  /** Fixes all cells of a region, one after the other; keys that become known on the way are absent by their values. */
  #forEachWhole(read: Read, index: number, forEach: (cell: CellId, then: () => void) => void, then: () => void): void {
    const cell = this.cells.regions[-1 - read]?.cells[index];
    if (cell === undefined) then();
    else forEach(cell, () => this.#forEachWhole(read, index + 1, forEach, then));
  }

  #tree(id: InputId, lookup: Lookup): Tree<Output> {
    const known = this.#trees[id];
    if (known !== undefined) return known;
    this.#grow(id, lookup);
    return this.#trees[id] as Tree<Output>;
  }

  #child(id: InputId, branch: Branch<Output>, lookup: Lookup): Tree<Output> {
    const key = this.#branchKey(branch.read, lookup);
    const known = branch.children.get(key);
    if (known !== undefined) return known;
    this.#grow(id, lookup);
    return branch.children.get(key) as Tree<Output>;
  }

  #branchKey(read: Read, lookup: Lookup): number {
    if (read >= 0) return lookup(read);
    let text = "";
    for (const cell of this.cells.regions[-1 - read]?.cells ?? []) {
      const value = lookup(cell);
      if (value !== absent) text += `${cell}:${value},`;
    }
    let content = this.#contents.get(text);
    if (content === undefined) {
      content = this.#contents.size;
      this.#contents.set(text, content);
    }
    return content;
  }

  /** Runs user code, and adds its path to the tree. */
  #grow(id: InputId, lookup: Lookup): Leaf<Output> {
    const leaf = this.execute(id, lookup);
    const { reads } = leaf;
    let tree: Tree<Output> = leaf;
    const root = this.#trees[id];
    if (root === undefined) {
      for (let i = reads.length - 1; i >= 0; i -= 1) tree = this.#above(reads[i] as Read, lookup, tree);
      this.#trees[id] = tree;
      return leaf;
    }
    let parent = root;
    for (let depth = 0; ; depth += 1) {
      if (isLeaf(parent) || parent.read !== reads[depth]) throw this.#unsteady(id);
      const key = this.#branchKey(parent.read, lookup);
      const child: Tree<Output> | undefined = parent.children.get(key);
      if (child === undefined) {
        for (let i = reads.length - 1; i > depth; i -= 1) tree = this.#above(reads[i] as Read, lookup, tree);
        parent.children.set(key, tree);
        return leaf;
      }
      parent = child;
    }
  }

  #above(read: Read, lookup: Lookup, child: Tree<Output>): Branch<Output> {
    return { read, children: new Map([[this.#branchKey(read, lookup), child]]) };
  }

  #unsteady(id: InputId): UnusableMachine {
    return new UnusableMachine(
      `The step for ${encode(this.input(id))} reads different cells in equal states, so it depends on something ` +
        "outside its state and input; make it a pure function.",
    );
  }

  /** Runs user code in the state that `lookup` gives, without remembering it. */
  execute(id: InputId, lookup: Lookup): Leaf<Output> {
    const run = new TrackedRun(this.cells, lookup);
    const { after, outcome } = this.#step(run, id);
    const changes = after === undefined ? unchanged : run.changes(after.state);
    const leaf = { reads: run.reads, changes, outcome };
    this.#confine(id, leaf);
    return leaf;
  }

  #step(
    run: TrackedRun,
    id: InputId,
  ): { readonly after?: { readonly state: Value }; readonly outcome: Outcome<Output> } {
    try {
      const { state, output } = this.machine.step(run.state() as State, this.input(id));
      return { after: { state }, outcome: { kind: "output", value: unwrap(output) as Output } };
    } catch (error) {
      return { outcome: threw(error) };
    }
  }

  #confine(id: InputId, leaf: Leaf<Output>): void {
    const footprint = this.#footprints[id];
    if (footprint === undefined) return;
    const isInside = (cell: CellId): boolean =>
      footprint.has(cell) || isShell(this.cells.value(this.initial.get(cell) ?? absent));
    const { changes, reads } = leaf;
    const outside =
      reads.find((read) => read < 0 || !isInside(read)) ??
      changes.sets.find((cell, i) => i % 2 === 0 && !footprint.has(cell));
    if (outside === undefined && changes.clears.length === 0) return;
    const cell =
      outside === undefined || outside < 0 ? "a whole collection" : `the cell ${encode(this.cells.path(outside))}`;
    throw new UnusableMachine(
      `The step for ${encode(this.input(id))} touches ${cell}, which is not in its footprint; add it there, or leave the footprint out.`,
    );
  }
}
