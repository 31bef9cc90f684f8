import { type CycleName, cycleNames, type Dependency, type DependencyKind } from "./anomaly.js";

/** The smallest cycle found of each shape, among given dependencies. */
export type Cycles = ReadonlyMap<CycleName, readonly Dependency[]>;

/**
 * Finds, for each shape, a smallest cycle among those that one search from each dependency of the kind that the shape
 * needs comes upon: G0 of ww alone; G1c with a wr; G-single with exactly one rw; G-nonadjacent with several, no two of
 * them adjacent; G2-item with several, two of them adjacent.
 *
 * Breadth first over (transaction, what the path has had), inside one strongly connected component at a time:
 * O(needed dependencies * dependencies of the component). A shape may be missed where the shortest walk of it crosses
 * itself.
 */
export function findCycles(dependencies: readonly Dependency[]): Cycles {
  const component = componentsOf(dependencies);
  const outgoing = new Map<number, Dependency[]>();
  const within = dependencies.filter(({ from, to }) => component.get(from) === component.get(to));
  for (const dependency of within) {
    const known = outgoing.get(dependency.from);
    if (known === undefined) outgoing.set(dependency.from, [dependency]);
    else known.push(dependency);
  }
  const found = new Map<CycleName, readonly Dependency[]>();
  for (const name of cycleNames) {
    for (const start of within.filter(({ kind }) => kind === needed[name])) {
      const cycle = smallestFrom(start, name, outgoing, (found.get(name)?.length ?? Infinity) - 1);
      if (cycle !== null) found.set(name, cycle);
    }
  }
  return found;
}

/** The kind of dependency that a search for each shape starts with. */
const needed: { readonly [name in CycleName]: DependencyKind } = {
  G0: "ww",
  G1c: "wr",
  "G-single": "rw",
  "G-nonadjacent": "rw",
  "G2-item": "rw",
};

/** What a path has had: numbers of rw up to 2, whether two were adjacent, and whether the last step was one. */
interface Had {
  readonly rw: number;
  readonly adjacent: boolean;
  readonly last: boolean;
}

interface Reached {
  readonly node: number;
  readonly had: Had;
  readonly by: Dependency;
  readonly before: Reached | null;
  readonly length: number;
}

function smallestFrom(
  start: Dependency,
  name: CycleName,
  outgoing: ReadonlyMap<number, readonly Dependency[]>,
  lengthMax: number,
): readonly Dependency[] | null {
  const first = { rw: start.kind === "rw" ? 1 : 0, adjacent: false, last: start.kind === "rw" };
  const queue: Reached[] = [{ node: start.to, had: first, by: start, before: null, length: 1 }];
  const seen = new Set<string>();
  for (let i = 0; i < queue.length; i += 1) {
    const at = queue[i] as Reached;
    if (at.node === start.from) {
      const path = isOf(name, at.had) ? simplePath(at) : null;
      if (path !== null) return path;
      continue;
    }
    if (at.length >= lengthMax) continue;
    for (const by of outgoing.get(at.node) ?? []) {
      if (!isAllowed(name, by.kind)) continue;
      const isRw = by.kind === "rw";
      const had = {
        rw: Math.min(2, at.had.rw + (isRw ? 1 : 0)),
        adjacent: at.had.adjacent || (isRw && at.had.last),
        last: isRw,
      };
      const key = `${by.to},${had.rw},${had.adjacent},${had.last}`;
      if (seen.has(key) || isHopeless(name, had)) continue;
      seen.add(key);
      queue.push({ node: by.to, had, by, before: at, length: at.length + 1 });
    }
  }
  return null;
}

function isAllowed(name: CycleName, kind: DependencyKind): boolean {
  if (name === "G0") return kind !== "wr" && kind !== "rw";
  return kind !== "rw" || (name !== "G1c" && name !== "G-single");
}

function isHopeless(name: CycleName, had: Had): boolean {
  return name === "G-nonadjacent" && had.adjacent;
}

/** A cycle starts with an rw where it has one, so its last step is adjacent to that. */
function isOf(name: CycleName, had: Had): boolean {
  const adjacent = had.adjacent || (had.last && had.rw > 1);
  switch (name) {
    case "G0":
    case "G1c":
      return had.rw === 0;
    case "G-single":
      return had.rw === 1;
    case "G-nonadjacent":
      return had.rw > 1 && !adjacent;
    case "G2-item":
      return had.rw > 1 && adjacent;
  }
}

function simplePath(end: Reached): readonly Dependency[] | null {
  const path: Dependency[] = [];
  for (let at: Reached | null = end; at !== null; at = at.before) path.unshift(at.by);
  return new Set(path.map(({ from }) => from)).size === path.length ? path : null;
}

/** The strongly connected component of each transaction (Tarjan, 1972), without recursion. */
function componentsOf(dependencies: readonly Dependency[]): ReadonlyMap<number, number> {
  const outgoing = new Map<number, number[]>();
  for (const { from, to } of dependencies) {
    const known = outgoing.get(from);
    if (known === undefined) outgoing.set(from, [to]);
    else known.push(to);
    if (!outgoing.has(to)) outgoing.set(to, []);
  }
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const component = new Map<number, number>();
  const stack: number[] = [];
  for (const root of outgoing.keys()) {
    if (index.has(root)) continue;
    const work: { readonly node: number; next: number }[] = [{ node: root, next: 0 }];
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { node } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) ?? 0);
        stack.push(node);
      }
      const to = outgoing.get(node)?.[frame.next];
      frame.next += 1;
      if (to !== undefined) {
        if (!index.has(to)) work.push({ node: to, next: 0 });
        else if (!component.has(to)) low.set(node, Math.min(low.get(node) ?? 0, index.get(to) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== index.get(node)) continue;
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component.set(member, node);
        if (member === node) break;
      }
    }
  }
  return component;
}
