/** A point on a schedule: a state, which lanes wait, and how it came about. */
export interface Point {
  readonly state: number;
  /** The number of the queue of lanes. */
  readonly queue: number;
  /** The entry of a fault that is to be taken from here, if any. */
  readonly fault?: number;
  readonly before?: Point;
  /** The choice that led here from `before`; a delay is none. */
  readonly choice?: string;
  /** How many states its schedule has. */
  readonly depth: number;
}

/** The points that are found and not yet expanded: those with fewer delays come first, and of these the one found last. */
export class PointsByDelay {
  /** How many delays the schedules have to the points that are being expanded. */
  delays = 0;
  private open: Point[] = [];
  private later: Point[] = [];
  /** What was expanded with as many delays as there may be. */
  private readonly atBound: Point[] = [];

  constructor(private readonly bound: number) {}

  get count(): number {
    return this.open.length + this.later.length;
  }

  /** Whether all points that have been found with so many delays are expanded. */
  get isLevelDone(): boolean {
    return this.open.length === 0;
  }

  add(point: Point): void {
    this.open.push(point);
  }

  /** Told what is one delay further on from a point that is expanded, unless that is beyond the bound. */
  addLater(from: Point, find: () => readonly Point[]): void {
    if (this.delays === this.bound) this.atBound.push(from);
    else this.later.push(...find());
  }

  /** The point to expand next; undefined when none is left within the bound. */
  take(): Point | undefined {
    if (this.open.length === 0 && this.later.length > 0) {
      [this.open, this.later] = [this.later, this.open];
      this.delays += 1;
    }
    return this.open.pop();
  }

  /** One of those from which one more delay leads beyond the bound. */
  takeAtBound(): Point | undefined {
    return this.atBound.pop();
  }
}

/** The names of the choices that lead to a point. */
export function pathTo(point: Point): string[] {
  const choices: string[] = [];
  for (let at: Point | undefined = point; at !== undefined; at = at.before) {
    if (at.choice !== undefined) choices.push(at.choice);
  }
  return choices.reverse();
}
