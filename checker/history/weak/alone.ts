import { effectOf, nameOf, type Observations } from "./observations.js";
import type { Guarantees } from "./guarantees.js";

/** Beyond this many updates, no set that explains an answer is looked for: a reason should be short. */
const setMax = 3;

/**
 * Why an answer stands among those that cannot be explained together: the fewest updates that would explain it if it
 * stood alone, and those that must then have been seen too. Tries all sets of up to three updates, in all orders.
 */
export function reasonAlone(observations: Observations, observer: number, guarantees: Guarantees): string {
  const { updates, precedes } = observations;
  const may = updates.filter((update) => update !== observer && !precedes(observer, update));
  const fewest = smallestExplanation(observations, observer, may);
  if (fewest === undefined) {
    return may.length <= setMax
      ? "no updates that it may have seen explain it"
      : "its answer cannot be explained together with the others listed";
  }
  const missing = may.filter((update) => !fewest.includes(update) && mustBeSeen(update));
  const names = (numbers: readonly number[]) => numbers.map((number) => nameOf(observations, number)).join(" and ");
  const fits = fewest.length === 0 ? "before any update" : `after just ${names(fewest)}`;
  return `it fits ${fits}${missing.length === 0 ? "" : `, but then ${names(missing)} must have been seen too`}`;

  function mustBeSeen(update: number): boolean {
    if (guarantees.readYourWrites && precedes(update, observer)) return true;
    return guarantees.monotonicWrites && (fewest ?? []).some((seen) => precedes(update, seen));
  }
}

function smallestExplanation(
  observations: Observations,
  observer: number,
  may: readonly number[],
): readonly number[] | undefined {
  const { space } = observations;
  let level: readonly { readonly order: readonly number[]; readonly state: number }[] = [
    { order: [], state: space.initial },
  ];
  for (let size = 0; size <= Math.min(setMax, may.length); size += 1) {
    const found = level.find(({ state }) => space.next(state, observer) >= 0);
    if (found !== undefined) return found.order;
    level = level.flatMap(({ order, state }) =>
      may.flatMap((update) => {
        const after = order.includes(update) ? -1 : effectOf(observations, state, update);
        return after < 0 ? [] : [{ order: [...order, update], state: after }];
      }),
    );
  }
  return undefined;
}
