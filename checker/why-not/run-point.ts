import type { Choice } from "../../sim/choice.js";
import type { World } from "../../sim/world.js";

/** What is known of a run up to some step. */
export interface RunSoFar {
  readonly world: World;
  /** How many decisions are changed; 0 where that is not counted. */
  readonly changes: number;
  /** How many free choices come before the event of the outcome's kind. */
  readonly extra: number;
  /** Which orderings it has, `0` or `1` for each. */
  readonly truths: string;
  /** Which recorded events it has, by `isTaken`. */
  readonly fates: string;
  /** The decisions that are changed, in the order of the run; none where that is not counted. */
  changed(): readonly ChangedDecision[];
  /** The choices that make it. */
  choices(): readonly Choice[];
}

/** A run that has come to its end: nothing but a fault would change anything. */
export interface EndedRun extends RunSoFar {
  /** It has an event of the outcome's kind. */
  readonly hasKind: boolean;
}

/**
 * One changed decision: a recorded one that is put off, or taken before its turn, by its event; or one that is not recorded,
 * by its step in the changed run, the first being 1.
 */
export type ChangedDecision =
  { readonly kind: "put-off" | "earlier"; readonly event: number } | { readonly kind: "added"; readonly step: number };

/** A run so far: a world and what has become of each recorded decision, with the path to it. */
export class RunPoint implements EndedRun {
  readonly world: World;
  readonly changes: number;
  readonly extra: number;
  readonly fates: string;
  readonly truths: string;
  readonly hasKind: boolean;

  constructor(
    state: Pick<EndedRun, "world" | "changes" | "extra" | "fates" | "truths" | "hasKind">,
    private readonly before?: RunPoint,
    /** The choice that led here; undefined at the start, and where a decision was put off. */
    private readonly choice?: Choice,
    private readonly change?: ChangedDecision,
  ) {
    this.world = state.world;
    this.changes = state.changes;
    this.extra = state.extra;
    this.fates = state.fates;
    this.truths = state.truths;
    this.hasKind = state.hasKind;
  }

  choices(): Choice[] {
    return RunPoint.pathTo(this).flatMap(({ choice }) => choice ?? []);
  }

  changed(): ChangedDecision[] {
    let step = 0;
    return RunPoint.pathTo(this).flatMap(({ choice, change }) => {
      if (choice !== undefined) step += 1;
      return change?.kind === "added" ? { kind: "added", step } : (change ?? []);
    });
  }

  private static pathTo(end: RunPoint): RunPoint[] {
    const path: RunPoint[] = [];
    for (let point: RunPoint | undefined = end; point !== undefined; point = point.before) path.push(point);
    return path.reverse();
  }
}

/** The fate of a recorded decision in another run: not reached, taken, put off. */
export const waiting = "0";
export const taken = "1";
export const putOff = "2";

export function isTaken(fates: string, position: number): boolean {
  return fates[position] === taken;
}

/** A text with one letter replaced. */
export function replaced(text: string, position: number, letter: string): string {
  return text.slice(0, position) + letter + text.slice(position + 1);
}
