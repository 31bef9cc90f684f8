import fc from "fast-check";
import { expect, test } from "vitest";
import { DecisionTree } from "../../../checker/search/reduce/decision-tree.js";

const components = 4;
const values = 3;

/** What is read next depends on what was read: a component, and for each of its values what follows. */
interface Code {
  readonly component: number;
  readonly next: readonly (Code | boolean)[];
}

const codes: fc.Arbitrary<Code | boolean> = fc.letrec<{ code: Code | boolean }>((tie) => ({
  code: fc.oneof(
    { maxDepth: 4 },
    fc.boolean(),
    fc.record({
      component: fc.nat(components - 1),
      next: fc.array(tie("code"), { minLength: values, maxLength: values }),
    }),
  ),
})).code;

function runs(code: Code | boolean, ids: readonly number[], onRead: (component: number) => void): boolean {
  if (typeof code === "boolean") return code;
  onRead(code.component);
  return runs(code.next[ids[code.component] as number] as Code | boolean, ids, onRead);
}

function product(sets: readonly (readonly number[])[]): number[][] {
  return sets.reduce<number[][]>((all, set) => all.flatMap((one) => set.map((value) => [...one, value])), [[]]);
}

const idLists = fc.array(fc.nat(values - 1), { minLength: components, maxLength: components });
const valueSets = fc.array(fc.uniqueArray(fc.nat(values - 1), { minLength: 1 }), {
  minLength: components,
  maxLength: components,
});

test("a decision tree answers as the code that it asks, which runs once for each way to read", () => {
  fc.assert(
    fc.property(codes, fc.array(idLists, { minLength: 1, maxLength: 30 }), (code, states) => {
      const asked = new Set<string>();
      const tree = new DecisionTree((ids, onRead) => {
        const way: number[] = [];
        const answer = runs(code, ids, (component) => {
          way.push(component, ids[component] as number);
          onRead(component);
        });
        expect(asked).not.toContain(way.join());
        asked.add(way.join());
        return answer;
      });
      for (const ids of states) expect(tree.of(ids)).toBe(runs(code, ids, () => undefined));
    }),
    { seed: 20261126, numRuns: 200 },
  );
});

test("what may be true for some values is true for one of all their combinations", () => {
  fc.assert(
    fc.property(codes, idLists, valueSets, (code, ids, sets) => {
      const tree = new DecisionTree((of, onRead) => runs(code, of, onRead));
      const isTrue = product(sets).some((one) => runs(code, one, () => undefined));

      expect(tree.mayBe(ids, (component) => sets[component], Number.POSITIVE_INFINITY)).toBe(isTrue);
    }),
    { seed: 20261126, numRuns: 200 },
  );
});

test("what is not known, takes too long to find out, or reads now this and now that may be true", () => {
  const reads = (component: number) => new DecisionTree((_, onRead) => (onRead(component), false));
  let turn = 0;
  const fickle = new DecisionTree((_, onRead) => (onRead(turn++), false));

  expect(reads(0).mayBe([0], () => undefined, 10)).toBe(true);
  expect(reads(0).mayBe([0], () => [0, 1], 2)).toBe(false);
  expect(reads(0).mayBe([0], () => [0, 1, 2], 2)).toBe(true);
  expect(fickle.of([0, 0])).toBe(false);
  expect(fickle.mayBe([0, 0, 0], () => [0, 1], 10)).toBe(true);
});
