import type { System } from "../../../sim/system.js";
import type { Limit, Verdict } from "../../verdict.js";
import type { Progress, ReductionReport, Search, SearchLimits } from "../search.js";
import { type AlikeClass, alikeClasses, blockName } from "./alike.js";
import { Asymmetry } from "./asymmetry.js";
import { Quotient } from "./quotient.js";
import { ReductionRefused } from "./refused.js";
import { NewlyVisible, Visible } from "./visible.js";
import { refuseWhatIsNotPreserved, type Reductions } from "./preserved.js";

/**
 * A breadth-first search that leaves out states, or steps, of which it knows that they lead to nothing that the others do
 * not lead to as well: the verdict is that of the whole search, a witness as short, the counts are smaller.
 *
 * @throws ReductionRefused where the reduction does not preserve a property, or does not apply; also from `advance`, when
 * nodes that were declared alike, or those that alone seemed to be, turn out not to be.
 */
export function reducedSearch(system: System, reductions: Reductions, limits: SearchLimits): Search {
  refuseWhatIsNotPreserved(system, reductions);
  return new ReducedSearch(system, reductions, limits);
}

class ReducedSearch implements Search {
  private quotient: Quotient;
  private classes: readonly AlikeClass[];
  /** What properties are known to read, with persistent sets. */
  private readonly visible: Visible | undefined;
  /** Why some seemed to be alike, and are not. */
  private readonly found: string[] = [];

  constructor(
    private readonly system: System,
    private readonly reductions: Reductions,
    private readonly limits: SearchLimits,
  ) {
    this.visible = reductions.persistent ? new Visible() : undefined;
    this.classes = reductions.symmetry ? alikeClasses(system) : [];
    this.quotient = this.begin();
  }

  advance(states: number): Progress | Verdict {
    for (;;) {
      try {
        return this.quotient.advance(states);
      } catch (error) {
        if (error instanceof Asymmetry) this.forget(error);
        else if (!(error instanceof NewlyVisible)) throw error;
        this.quotient = this.begin();
      }
    }
  }

  stop(limit: Limit): Verdict {
    return this.quotient.stop(limit);
  }

  reduction(): ReductionReport {
    const alike = this.classes.map(({ blocks }) => blocks.map((block) => blockName(this.system, block)));
    const nobody = this.reductions.symmetry && alike.length === 0 && this.found.length === 0;
    const notes = [
      ...this.found,
      ...(nobody ? ["No two nodes or clients are alike."] : []),
      ...(this.quotient.problem === undefined ? [] : [this.quotient.problem]),
    ];
    return { alike, notes, whole: null };
  }

  private begin(): Quotient {
    this.visible?.anew();
    return new Quotient(this.system, this.classes, this.limits, this.visible);
  }

  /** Begins again without a class whose members are not alike. */
  private forget({ alike, message }: Asymmetry): void {
    const names = alike.blocks.map((block) => blockName(this.system, block)).join(", ");
    if (alike.isDeclared) {
      throw new ReductionRefused(
        `${names} are declared symmetric, but ${message}. Remove the declaration, or the difference.`,
      );
    }
    this.found.push(`${names} are not alike: ${message}.`);
    this.classes = this.classes.filter((other) => other !== alike);
    if (this.classes.length === 0 && !this.reductions.persistent) {
      throw new ReductionRefused(`There is no symmetry to reduce by. ${this.found.join(" ")} Leave --reduce out.`);
    }
  }
}
