import { blindObserver } from "../../../sim/carrier.js";
import type { Origin } from "../../../sim/origin.js";
import { type Choice, describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import { judgeEnd, judgeStep, judgeWorld } from "../../../sim/judge.js";
import type { InFlight } from "../../../sim/network.js";
import type { Causes, EventKind, StepObserver } from "../../../sim/observer.js";
import { isFault } from "../../../sim/quiescent.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import { encodeWorld, type World } from "../../../sim/world.js";

/** One step of a run, with the identity of its event: written out, as a tree of what brought it about. */
export interface NamedStep {
  readonly choice: Choice;
  readonly identity: string;
  readonly participant: number;
}

/** A world on a path; what is offered there, with identities. */
export interface Place {
  readonly world: World;
  readonly steps: readonly NamedStep[];
  readonly violated: boolean;
  offered(): readonly { readonly identity: string; readonly choice: Choice; next(): Place }[];
  /** Whether nothing but a fault would change the world. */
  isEnd(): boolean;
}

/** Walks through all runs of a small system, path by path, without merging: the plain oracle of searches for runs. */
export function placeAtStart(system: System): Place {
  const namer = new Namer(system);
  const world = initialWorld(system, namer);
  return place(system, namer, world, [], judgeWorld(system, world) !== undefined);
}

function place(system: System, namer: Namer, world: World, steps: readonly NamedStep[], violated: boolean): Place {
  const offered = () =>
    enabledChoices(system, world).map((choice) => ({
      choice,
      identity: namer.identityOf(world, choice),
      next: () => {
        const identity = namer.identityOf(world, choice);
        const next = step(system, world, choice, namer);
        const named = [...steps, { choice, identity, participant: namer.participant }];
        const isBroken = (judgeStep(system, world, next, choice) ?? judgeWorld(system, next)) !== undefined;
        return place(system, namer, next, named, violated || isBroken);
      },
    }));
  return {
    world,
    steps,
    violated,
    offered,
    isEnd: () =>
      offered().every(({ choice, next }) => isFault(choice) || encodeWorld(next().world) === encodeWorld(world)),
  };
}

export function isGood(system: System, { world, violated }: Place): boolean {
  return !violated && judgeEnd(system, world) === undefined;
}

/** Gives each event its identity as a text in its context, after the active bags. */
export class Namer implements StepObserver {
  participant = -1;
  private readonly carrier;
  private readonly ranks = new WeakMap<InFlight, string>();
  private sentBefore: { readonly to: number; readonly kind: string }[] = [];
  private starts = 0;
  private moved: string | undefined;

  constructor(private readonly system: System) {
    this.carrier = blindObserver(system);
  }

  begin(kind: EventKind, participant: number, choice: Choice | undefined, causes: Causes): Origin {
    this.participant = participant;
    this.sentBefore = [];
    this.moved = choice?.kind === "delay" ? this.ranks.get(choice.message) : undefined;
    const context = this.carrier?.begin(kind, participant, choice, causes).context ?? [];
    const identity = choice === undefined ? `start ${(this.starts += 1)}` : this.nameBy(choice, causes.cause);
    return { event: -1, context: [...context.slice(0, this.system.activeBags.length), identity] };
  }

  emitted(origin: Origin, tracepoint: string, fields: never): Origin {
    if (this.carrier === undefined) return origin;
    const after = this.carrier.emitted(origin, tracepoint, fields).context;
    return { event: -1, context: [...after.slice(0, this.system.activeBags.length), origin.context.at(-1)] };
  }

  sent(item: InFlight): void {
    const { receiver: to } = item;
    const { kind } = item.message;
    const rank = this.sentBefore.filter((other) => other.to === to && other.kind === kind).length;
    this.sentBefore.push({ to, kind });
    this.ranks.set(item, this.moved === undefined ? `${to}/${kind}/${rank}` : `${this.moved} delayed`);
  }

  identityOf(world: World, choice: Choice): string {
    const slot = "node" in choice ? world.nodes[this.system.nodeNumber(choice.node)] : undefined;
    if (choice.kind === "fire")
      return this.nameBy(choice, slot?.timers.find(({ name }) => name === choice.timer)?.origin);
    if (choice.kind === "choose")
      return this.nameBy(choice, slot?.pending.find(({ label }) => label === choice.label)?.origin);
    return this.nameBy(choice, "message" in choice ? choice.message : undefined);
  }

  private nameBy(choice: Choice, cause: Origin | undefined): string {
    const from = String(cause?.context.at(-1));
    if ("message" in choice) return `${choice.kind}[${this.ranks.get(choice.message)}](${from})`;
    return choice.kind === "fire" || choice.kind === "choose"
      ? `${describeChoice(choice)}(${from})`
      : describeChoice(choice);
  }
}
