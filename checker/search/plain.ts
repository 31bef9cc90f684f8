import { blindObserver } from "../../sim/carrier.js";
import { type Choice, describeChoice } from "../../sim/choice.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { judgeStep, judgeWorld, Reached } from "../../sim/judge.js";
import { step } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import { encodeComponents, type World } from "../../sim/world.js";
import type { Coverage, Limit, Verdict } from "../verdict.js";
import { Course } from "./course.js";
import { HandlersRun } from "./handlers.js";
import type { Progress, Search, SearchLimits } from "./search.js";

/**
 * The plain exhaustive search: `initialWorld`, `enabledChoices`, `step`, and a set of visited worlds, compared exactly.
 * Breadth-first gives a shortest witness. Kept simple: faster engines are compared with it.
 */
export function plainSearch(system: System, order: "breadth-first" | "depth-first", limits: SearchLimits): Search {
  return new PlainSearch(system, order, limits);
}

/** A world that is known and not yet expanded. */
interface Open {
  readonly world: World;
  readonly state: number;
}

class PlainSearch implements Search {
  private readonly visited = new Visited();
  /** For each state, the state and the position among its enabled choices that led to it first. */
  private readonly parents: number[] = [];
  private readonly positions: number[] = [];
  private readonly depths: number[] = [];
  private readonly open: (Open | undefined)[] = [];
  private head = 0;
  private transitions = 0;
  private depthReached = 1;
  private cut: Limit | undefined;
  private readonly course = new Course((isComplete) => this.coverage(isComplete));
  private readonly reached: Reached;
  private readonly handlers: HandlersRun;
  private readonly observer;

  constructor(
    private readonly system: System,
    private readonly order: "breadth-first" | "depth-first",
    private readonly limits: SearchLimits,
  ) {
    this.reached = new Reached(system);
    this.handlers = new HandlersRun(system);
    this.observer = blindObserver(system);
  }

  advance(states: number): Progress | Verdict {
    const verdict = this.course.advance(
      states,
      () => this.begin(),
      () => this.expandNext(),
    );
    return verdict ?? this.progress();
  }

  stop(limit: Limit): Verdict {
    return this.course.stop(limit);
  }

  private begin(): void {
    if (this.parents.length > 0) return;
    const world = initialWorld(this.system, this.observer);
    this.discover(world, -1, 0);
  }

  /** Expands one state; the main loop of the search. */
  private expandNext(): void {
    const { course } = this;
    const open = this.takeOpen();
    if (open === undefined) {
      if (this.cut === undefined) course.complete();
      else course.stop(this.cut);
      return;
    }
    const { world, state } = open;
    let choice: Choice | undefined;
    const work = (): void => {
      world.nodes.forEach((slot, node) => this.handlers.visit(node, slot));
      const choices = enabledChoices(this.system, world);
      for (let position = 0; position < choices.length && !course.isOver; position += 1) {
        choice = choices[position] as Choice;
        this.transitions += 1;
        this.handlers.see(choice, (node) => world.nodes[node]);
        const next = step(this.system, world, choice, this.observer);
        const violation = judgeStep(this.system, world, next, choice);
        if (violation !== undefined) course.end({ found: violation, choices: taken() });
        else this.discover(next, state, position);
      }
    };
    // The failure is of the choices' last handler, or of what judges or goes on from there.
    const taken = (): string[] => [...this.pathTo(state), ...(choice === undefined ? [] : [describeChoice(choice)])];
    course.attempt(work, taken);
  }

  private discover(world: World, parent: number, position: number): void {
    if (!this.visited.add(encodeComponents(world))) return;
    const state = this.parents.length;
    const depth = parent < 0 ? 1 : (this.depths[parent] as number) + 1;
    this.parents.push(parent);
    this.positions.push(position);
    this.depths.push(depth);
    this.depthReached = Math.max(this.depthReached, depth);
    this.reached.see(world);
    const violation = judgeWorld(this.system, world);
    if (violation !== undefined) this.course.end({ found: violation, choices: this.pathTo(state) });
    else if (depth >= this.limits.maxDepth) this.cut ??= "max-depth";
    else if (this.parents.length > this.limits.maxStates) this.course.stop("max-states");
    else this.open.push({ world, state });
  }

  private takeOpen(): Open | undefined {
    if (this.order === "depth-first") return this.open.pop();
    const taken = this.open[this.head];
    this.open[this.head] = undefined;
    this.head += 1;
    if (this.head > 4096 && this.head * 2 > this.open.length) {
      this.open.splice(0, this.head);
      this.head = 0;
    }
    return taken;
  }

  /** The names of the choices that lead to a state, found by taking them again. */
  private pathTo(state: number): string[] {
    const positions: number[] = [];
    for (let at = state; this.parents[at] !== -1; at = this.parents[at] as number)
      positions.push(this.positions[at] as number);
    let world = initialWorld(this.system, this.observer);
    return positions.reverse().map((position) => {
      const choice = enabledChoices(this.system, world)[position] as Choice;
      world = step(this.system, world, choice, this.observer);
      return describeChoice(choice);
    });
  }

  private progress(): Progress {
    const frontier = this.open.length - this.head;
    const oldest = this.open[this.head];
    const depth = this.order === "breadth-first" && oldest !== undefined ? (this.depths[oldest.state] ?? null) : null;
    return {
      kind: "progress",
      phase: "states",
      states: this.parents.length,
      transitions: this.transitions,
      depth,
      frontier,
    };
  }

  private coverage(complete: boolean): Coverage {
    return {
      states: this.parents.length,
      transitions: this.transitions,
      depth: this.order === "breadth-first" ? this.depthReached : null,
      complete,
      neverReached: this.reached.neverReached(),
      ...this.handlers.coverage(),
      vacuous: [],
      satisfied: {},
    };
  }
}

/** The worlds already met. Each component's text is numbered once, and a world is the tuple of its numbers. */
class Visited {
  private readonly numbers: Map<string, number>[] = [];
  private readonly worlds = new Set<string>();

  /** Whether the world of these components is new; it is known from now on. */
  add(components: readonly string[]): boolean {
    let tuple = "";
    for (let i = 0; i < components.length; i += 1) {
      const text = components[i] as string;
      const known = (this.numbers[i] ??= new Map());
      let number = known.get(text);
      if (number === undefined) {
        number = known.size;
        known.set(text, number);
      }
      tuple += String.fromCharCode(number & 0xffff, number >>> 16);
    }
    const before = this.worlds.size;
    return this.worlds.add(tuple).size > before;
  }
}
