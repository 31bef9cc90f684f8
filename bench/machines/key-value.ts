import { Map } from "immutable";
import type { Machine } from "../../checker/provenance/machine.js";

export type KeyValueInput =
  | { readonly kind: "set"; readonly key: string; readonly value: number }
  | { readonly kind: "add"; readonly key: string; readonly by: number }
  | { readonly kind: "get"; readonly key: string };

/** Integer variables, initially 0 (Whittaker et al., examples 3.1, 3.4 and 3.5). */
export const keyValue: Machine<Map<string, number>, KeyValueInput, number | null> = {
  initial: Map(),
  step: (state, input) => {
    switch (input.kind) {
      case "set":
        return { state: state.set(input.key, input.value), output: null };
      case "add":
        return { state: state.update(input.key, 0, (old) => old + input.by), output: null };
      case "get":
        return { state, output: state.get(input.key, 0) };
    }
  },
};
