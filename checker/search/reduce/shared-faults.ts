import { faultNumber, type FaultKind, unlimited } from "../../../sim/fault.js";
import type { NodeSlot } from "../../../sim/world.js";
import type { Components, Faults } from "../engine/components.js";

type Shared = "none" | "some" | "when down";

/** Faults that draw on one budget depend on each other, whomever they befall; and partitions on all that they hold back. */
export class SharedFaults {
  /** By the id of the faults. */
  private readonly known: Shared[] = [];

  constructor(private readonly components: Components) {}

  /** Whether any of them may come in a state. */
  mayCome(ids: readonly number[]): boolean {
    const { components } = this;
    const faults = ids[components.faultsComponent] as number;
    const shared = (this.known[faults] ??= sharedOf(components.faults.values[faults] as Faults));
    if (shared !== "when down") return shared === "some";
    return components.nodes.some(({ values }, node) => !(values[ids[node] as number] as NodeSlot).up);
  }
}

function sharedOf({ budget, partitions }: Faults): Shared {
  const left = (kind: FaultKind): number => budget[faultNumber[kind]] as number;
  if (partitions.length > 0 || left("partition") !== 0) return "some";
  const isShared = (count: number, number: number): boolean =>
    count !== 0 && count !== unlimited && number !== faultNumber.recover;
  if (budget.some(isShared)) return "some";
  const recover = left("recover");
  if (recover === 0 || recover === unlimited) return "none";
  // While nobody is down, and nobody can crash any more, nobody can recover either.
  return left("crash") !== 0 ? "some" : "when down";
}
