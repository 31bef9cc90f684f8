import type { Property } from "../../../sim/property.js";
import type { System } from "../../../sim/system.js";
import { ReductionRefused } from "./refused.js";

/** Which reductions a search uses. */
export interface Reductions {
  /** One state stands for all that exchanging alike participants makes of it. */
  readonly symmetry: boolean;
  /** Persistent sets: of steps that could be taken in any order, one order. */
  readonly persistent: boolean;
}

/** The values of `--reduce`. */
export const reductionNames = ["none", "symmetry", "por", "all"] as const;
export type ReductionName = (typeof reductionNames)[number];

export function reductionsOf(name: ReductionName): Reductions {
  return { symmetry: name === "symmetry" || name === "all", persistent: name === "por" || name === "all" };
}

/** @throws ReductionRefused for a property that a reduction does not preserve, with the reason. */
export function refuseWhatIsNotPreserved(system: System, { symmetry, persistent }: Reductions): void {
  for (const property of system.properties) {
    const reason = reasonAgainst(property) ?? (persistent ? reasonAgainstPersistentSets(property) : undefined);
    if (reason === undefined) continue;
    throw new ReductionRefused(`"${property.name}" ${reason}`);
  }
  if (symmetry && system.activeBags.length > 0) {
    const names = system.activeBags.map(({ name }) => `"${name}"`).join(", ");
    throw new ReductionRefused(
      `Nodes read the bag ${names}, and what bags carry is not renamed when nodes exchange places. Use --reduce por, or leave it out.`,
    );
  }
}

function reasonAgainst(property: Property): string | undefined {
  switch (property.kind) {
    case "always":
    case "step":
    case "at-quiescence":
      return undefined;
    case "sometimes":
      return property.isCounted
        ? "counts the states that satisfy it, and a reduced search does not visit all of them. Leave --reduce out, or its count."
        : undefined;
    case "eventually":
    case "leads-to":
      return "is about whole runs under fairness of single actions, and a reduced search does not keep which action a step is. Leave --reduce out.";
    case "stays-reachable":
      return "asks for a way from every state, and a reduced search does not visit every state. Leave --reduce out.";
    case "refines":
      return "judges every step against the abstract scenario, and a reduced search does not take every step. Leave --reduce out.";
  }
}

function reasonAgainstPersistentSets({ kind }: Property): string | undefined {
  if (kind !== "step") return undefined;
  return "judges every transition, and persistent sets leave transitions out. Use --reduce symmetry, or leave it out.";
}
