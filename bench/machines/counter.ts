import { Record } from "immutable";
import type { Machine } from "../../checker/provenance/machine.js";

export type CounterInput =
  | { readonly kind: "add"; readonly by: number }
  | { readonly kind: "set"; readonly to: number }
  | { readonly kind: "get" }
  | { readonly kind: "at-least"; readonly threshold: number }
  | { readonly kind: "modulo"; readonly by: number };

export class Counter extends Record({ x: 0 }) {}

/** One number, and coarse questions about it. */
export const counter: Machine<Counter, CounterInput, number | boolean | null> = {
  initial: new Counter(),
  step: (state, input) => {
    switch (input.kind) {
      case "add":
        return { state: state.set("x", state.x + input.by), output: null };
      case "set":
        return { state: state.set("x", input.to), output: null };
      case "get":
        return { state, output: state.x };
      case "at-least":
        return { state, output: state.x >= input.threshold };
      case "modulo":
        return { state, output: ((state.x % input.by) + input.by) % input.by };
    }
  },
};
