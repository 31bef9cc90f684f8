import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bag } from "../../sim/baggage.js";
import { encode } from "../../sim/value.js";

/** The laws of join that every bag must pass: commutative, associative, idempotent, with `empty` neutral. */
export function bagContract<T>(bag: Bag<T>, values: fc.Arbitrary<T>): void {
  const same = (a: T, b: T) => expect(encode(a)).toBe(encode(b));

  test(`the join of the bag ${bag.name} is commutative, associative and idempotent, and empty is neutral`, () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        same(bag.join(a, b), bag.join(b, a));
        same(bag.join(bag.join(a, b), c), bag.join(a, bag.join(b, c)));
        same(bag.join(a, a), a);
        same(bag.join(bag.empty, a), a);
        same(bag.join(a, bag.empty), a);
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });
}
