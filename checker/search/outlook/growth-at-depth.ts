import { type Growth, growthOn, type Meaning, type Way } from "./growth.js";

/** The ways to so many states, and of each so many of the last states, are looked at for what grows. */
const waysMax = 12;
const statesOfWayMax = 400;

/** States in order of discovery, and the ways to them. */
export interface Ways {
  readonly size: number;
  /** The last so many states of the way to a state. */
  endOfWayTo(state: number, states: number): Way;
}

/** What keeps growing on the way to some of the deepest states, the first of which has this number. */
export function growthAtDepth(ways: Ways, deepestAt: number, meaning: Meaning): Growth | undefined {
  const deepest = ways.size - deepestAt;
  for (let i = 0; i < Math.min(deepest, waysMax); i += 1) {
    const state = ways.size - 1 - Math.floor((i * deepest) / waysMax);
    const growth = growthOn(ways.endOfWayTo(state, statesOfWayMax), meaning);
    if (growth !== undefined) return growth;
  }
  return undefined;
}
