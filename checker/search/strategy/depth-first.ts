import type { Frontier } from "./frontier-search.js";

/** Expands the state that was found last: goes deep at once, and finds some violations long before breadth-first does. */
export function depthFirst(): Frontier {
  const stack: number[] = [];
  return {
    get size() {
      return stack.length;
    },
    add: (state) => void stack.push(state),
    take: () => stack.pop(),
  };
}
