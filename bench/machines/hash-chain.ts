import { Record } from "immutable";
import type { Machine } from "../../checker/provenance/machine.js";

export type HashChainInput =
  { readonly kind: "mix"; readonly value: number } | { readonly kind: "read" } | { readonly kind: "bit" };

export class HashChain extends Record({ hash: 0 }) {}

/** A state that never merges: every input is mixed into 32 bits. */
export const hashChain: Machine<HashChain, HashChainInput, number | null> = {
  initial: new HashChain(),
  step: (state, input) => {
    switch (input.kind) {
      case "mix":
        return {
          state: state.set("hash", (Math.imul(state.hash ^ input.value, 0x01000193) ^ (state.hash >>> 15)) >>> 0),
          output: null,
        };
      case "read":
        return { state, output: state.hash };
      case "bit":
        return { state, output: state.hash & 1 };
    }
  },
};
