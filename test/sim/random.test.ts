import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../../sim/event-queue.js";
import { stream } from "../../sim/random.js";

/**
 * Alea, written anew from Johannes Baagøe's description ("Better random numbers for javascript", 2010): a multiply-with-
 * carry generator of three lags, seeded by his hash Mash.
 */
function alea(seed: string): () => number {
  let n = 0xefc8249d;
  const mash = (text: string): number => {
    for (const character of text) {
      n += character.charCodeAt(0);
      let h = 0.02519603282416938 * n;
      n = h >>> 0;
      h -= n;
      h *= n;
      n = h >>> 0;
      h -= n;
      n += h * 2 ** 32;
    }
    return (n >>> 0) * 2 ** -32;
  };
  const lags = [mash(" "), mash(" "), mash(" ")];
  for (let i = 0; i < 3; i += 1) {
    lags[i] = (lags[i] as number) - mash(seed);
    if ((lags[i] as number) < 0) lags[i] = (lags[i] as number) + 1;
  }
  let carry = 1;
  return () => {
    const product = 2091639 * (lags.shift() as number) + carry * 2 ** -32;
    carry = Math.floor(product);
    lags.push(product - carry);
    return product - carry;
  };
}

test("a stream draws what Alea, written independently, draws from the seed and the purpose", () => {
  fc.assert(
    fc.property(fc.nat(), fc.string({ maxLength: 12 }), (seed, purpose) => {
      const [random, reference] = [stream(seed, purpose), alea(`${seed}/${purpose}`)];
      for (let i = 0; i < 20; i += 1) {
        expect(random.between(0, 999_999)).toBe(Math.floor(reference() * 1_000_000));
        expect(random.happens(0.3)).toBe(reference() < 0.3);
      }
    }),
    { seed: 20261121, numRuns: 100 },
  );
});

test("test vectors, confirmed by the independent Alea, freeze the streams", () => {
  const draws = (seed: number, purpose: string) => {
    const random = stream(seed, purpose);
    return Array.from({ length: 4 }, () => random.between(1, 1_000_000));
  };
  const reference = (seed: number, purpose: string) => {
    const next = alea(`${seed}/${purpose}`);
    return Array.from({ length: 4 }, () => 1 + Math.floor(next() * 1_000_000));
  };
  for (const [seed, purpose, vector] of vectors) {
    expect([seed, purpose, draws(seed, purpose)]).toEqual([seed, purpose, vector]);
    expect([seed, purpose, reference(seed, purpose)]).toEqual([seed, purpose, vector]);
  }
});

const vectors: readonly [number, string, readonly number[]][] = [
  [0, "", [200132, 251643, 250169, 546653]],
  [1, "latency @a->@b", [822740, 673160, 437051, 631773]],
  [1, "latency @b->@a", [370494, 100767, 460479, 630458]],
  [1, "client @ann", [156833, 487400, 676663, 413883]],
  [42, "random strategy", [192692, 318463, 658954, 531745]],
  [2026, "fault drop", [887119, 213846, 710471, 465803]],
];

test("draws lie within their bounds and reach both ends", () => {
  const random = stream(7, "bounds");
  const drawn = Array.from({ length: 2000 }, () => random.between(3, 6));
  expect([...new Set(drawn)].sort()).toEqual([3, 4, 5, 6]);
  expect(random.between(5, 5)).toBe(5);
});

test("streams of other purposes and seeds are others", () => {
  const first = (seed: number, purpose: string) => stream(seed, purpose).between(0, 2 ** 31);
  const drawn = [
    first(1, "latency @a->@b"),
    first(1, "latency @b->@a"),
    first(2, "latency @a->@b"),
    first(11, "x"),
    first(1, "1/x"),
  ];
  expect(new Set(drawn).size).toBe(drawn.length);
});

test("the event queue gives entries by time, and at one time in the order in which they were put in", () => {
  const operation = fc.oneof({ weight: 3, arbitrary: fc.nat(20) }, { weight: 2, arbitrary: fc.constant(null) });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 600 }), (operations) => {
      const queue = new EventQueue<number>();
      let model: { readonly time: number; readonly entry: number }[] = [];
      operations.forEach((time, entry) => {
        if (time !== null) {
          queue.push(time, entry);
          model.push({ time, entry });
          return;
        }
        const earliest = Math.min(...model.map((one) => one.time));
        const expected = model.find((one) => one.time === earliest);
        model = model.filter((one) => one !== expected);
        expect(queue.pop()).toBe(expected?.entry);
        if (expected !== undefined) expect(queue.now).toBe(expected.time);
        expect(queue.size).toBe(model.length);
      });
    }),
    { seed: 20261121, numRuns: 200 },
  );
});
