import fc from "fast-check";
import type { FairActions } from "../../../checker/liveness/fairness.js";
import { type Graph, GraphBuilder } from "../../../checker/liveness/graph.js";

/** A small graph as data: its edges, the fair actions of its labels, and where an obligation begins and is discharged. */
export interface Drawn {
  readonly size: number;
  readonly edges: readonly { readonly from: number; readonly to: number; readonly label: number }[];
  /** For each label the actions that it takes, and whether it is a fault's. */
  readonly labels: readonly { readonly actions: readonly number[]; readonly fault: boolean }[];
  readonly strong: readonly boolean[];
  readonly begins: readonly boolean[];
  readonly discharged: readonly boolean[];
}

const actionCount = 3;
const labelCount = 5;

export const drawnGraphs: fc.Arbitrary<Drawn> = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    edges: fc
      .array(fc.record({ from: fc.nat(size - 1), to: fc.nat(size - 1), label: fc.nat(labelCount - 1) }), {
        maxLength: size * 3,
      })
      .map((edges) => edges.filter(({ from, to }) => from !== to)),
    labels: fc.array(
      fc.record({
        actions: fc.subarray([...Array(actionCount).keys()]),
        fault: fc.boolean(),
      }),
      { minLength: labelCount, maxLength: labelCount },
    ),
    strong: fc.array(fc.boolean(), { minLength: actionCount, maxLength: actionCount }),
    begins: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
    // Mostly not, or there is little left to decide.
    discharged: fc.array(
      fc.nat(3).map((n) => n === 0),
      { minLength: size, maxLength: size },
    ),
  }),
);

export function graphOf({ size, edges }: Drawn): Graph {
  const builder = new GraphBuilder();
  for (let node = 0; node < size; node += 1) {
    for (const { from, to, label } of edges) if (from === node) builder.add(label, to);
    builder.close();
  }
  return builder.graph();
}

export function actionsOf({ labels, strong }: Drawn): FairActions {
  return {
    count: actionCount,
    isStrong: Uint8Array.from(strong, Number),
    ofLabel: labels.map(({ actions }) => actions),
    isFault: Uint8Array.from(labels, ({ fault }) => Number(fault)),
  };
}

/** Where a run that stays among these nodes for ever, going through each again and again, is fair. By definition. */
function isFairAmong(drawn: Drawn, nodes: ReadonlySet<number>): boolean {
  const { edges, labels, strong } = drawn;
  const leaving = edges.filter(({ from }) => nodes.has(from));
  if (nodes.size === 1) return leaving.every(({ label }) => labels[label]?.fault && labels[label].actions.length === 0);
  const within = leaving.filter(({ to }) => nodes.has(to));
  const takes = (label: number, action: number): boolean => labels[label]?.actions.includes(action) === true;
  return strong.every((isStrong, action) => {
    if (within.some(({ label }) => takes(label, action))) return true;
    const possible = [...nodes].filter((node) =>
      leaving.some(({ from, label }) => from === node && takes(label, action)),
    );
    return isStrong ? possible.length === 0 : possible.length < nodes.size;
  });
}

function isStronglyConnected({ edges }: Drawn, nodes: ReadonlySet<number>): boolean {
  return [...nodes].every((root) => {
    const met = new Set([root]);
    for (let grown = true; grown;) {
      grown = false;
      for (const { from, to } of edges) {
        if (met.has(from) && nodes.has(to) && !met.has(to)) grown = met.add(to).size > 0;
      }
    }
    return met.size === nodes.size;
  });
}

/**
 * The least number of steps after which a fair run can be where it stays for ever without meeting its obligation; undefined
 * if every fair run meets it. By brute force: the nodes through which a run goes again and again are a strongly connected
 * set, and all sets are tried.
 */
export function leastStemByBruteForce(drawn: Drawn, isOnlyFirst: boolean): number | undefined {
  const { size, edges, begins, discharged } = drawn;
  const owingAtLast = new Set<number>();
  for (let bits = 1; bits < 2 ** size; bits += 1) {
    const nodes = new Set([...Array(size).keys()].filter((node) => (bits >> node) & 1));
    if ([...nodes].some((node) => discharged[node])) continue;
    if (isStronglyConnected(drawn, nodes) && isFairAmong(drawn, nodes)) for (const node of nodes) owingAtLast.add(node);
  }
  // All (node, owed) pairs, level by level.
  const enter = (node: number, owed: boolean, isFirst: boolean): string[] => {
    if (owed) return discharged[node] === true ? [] : [`${node} owed`];
    const starts = discharged[node] !== true && (isOnlyFirst ? isFirst : begins[node] === true);
    return starts ? [`${node}`, `${node} owed`] : [`${node}`];
  };
  let level = new Set(enter(0, false, true));
  const met = new Set<string>();
  for (let depth = 0; level.size > 0; depth += 1) {
    for (const pair of level) if (pair.endsWith("owed") && owingAtLast.has(Number.parseInt(pair, 10))) return depth;
    for (const pair of level) met.add(pair);
    const next = [...level].flatMap((pair) =>
      edges.flatMap(({ from, to }) =>
        from === Number.parseInt(pair, 10) ? enter(to, pair.endsWith("owed"), false) : [],
      ),
    );
    level = new Set(next.filter((pair) => !met.has(pair)));
  }
  return undefined;
}

/** Whether edges, once round, are a fair loop. */
export function isFairLoop(drawn: Drawn, edges: readonly { from: number; to: number; label: number }[]): boolean {
  const nodes = new Set(edges.map(({ from }) => from));
  return isFairAmong(
    {
      ...drawn,
      edges: [
        ...edges,
        ...drawn.edges.filter(({ from, to }) => nodes.has(from) && !nodes.has(to)),
        ...drawn.edges
          .filter((edge) => nodes.has(edge.from) && nodes.has(edge.to))
          .map((edge) => ({ ...edge, to: -1 })),
      ],
    },
    nodes,
  );
}
