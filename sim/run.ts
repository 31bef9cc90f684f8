import type { AnyBag } from "./baggage.js";
import { noOrigin } from "./origin.js";
import { blindObserver } from "./carrier.js";
import { ChoiceLog } from "./choice-log.js";
import { withTraps } from "./guard.js";
import { initialWorld } from "./initial.js";
import { hasStepProperties, judgeEnd, judgeStep, judgeWorld, type Reached, type Violation } from "./judge.js";
import { NodeFailure } from "./node-failure.js";
import type { StepObserver } from "./observer.js";
import { Recorder } from "./recorder.js";
import { takeChoice } from "./step.js";
import type { Strategy, StrategyFor } from "./strategy.js";
import type { System } from "./system.js";
import type { Trace } from "./trace.js";
import { ownWorld, type World } from "./world.js";

export interface RunOptions {
  /** The run ends after this many steps at the latest. */
  readonly maxSteps: number;
  /** Keep no trace, a trace, or a trace with the handlers' answers and all that was sent; `none` unless given. */
  readonly trace?: "none" | "events" | "details";
  /** Observer bags to install; they need a trace. */
  readonly bags?: readonly AnyBag[];
  /** Go on after a violation, to the end of the schedule: the first one is reported all the same. */
  readonly goOn?: boolean;
  /** Told of every world, to keep which `sometimes` properties were reached. */
  readonly reached?: Reached;
  /** Told of every world after the step of this number (0: the initial one). The world must not be kept. */
  readonly onWorld?: (world: World, step: number) => void;
}

/** Why a run ended. */
export type RunEnd = "quiescent" | "max-steps" | "violated" | "crashed";

export interface RunResult {
  readonly end: RunEnd;
  readonly choices: ChoiceLog;
  /** The first violation, and the number of the step after which it stood; step 0 is the initial world. */
  readonly violation?: Violation & { readonly step: number };
  /** Node code that threw; the choice that led to it is the last of `choices`. */
  readonly failure?: NodeFailure;
  readonly trace?: Trace;
  /** The world at the end. */
  readonly world: World;
}

/** Runs a system as a strategy says, judging each world and each step: the one loop of the simulator. */
export function run(system: System, strategyFor: StrategyFor, options: RunOptions): RunResult {
  return withTraps(() => {
    const strategy = strategyFor(system);
    const recorder = recorderFor(system, strategy, options);
    const observer = observerOf(system, strategy, recorder);
    const ended = loop(system, strategy, observer, options);
    return recorder === undefined ? ended : { ...ended, trace: recorder.trace };
  });
}

function loop(
  system: System,
  strategy: Strategy,
  observer: StepObserver | undefined,
  options: RunOptions,
): Omit<RunResult, "trace"> {
  const choices = new ChoiceLog();
  const judgesSteps = hasStepProperties(system);
  let world: World = nowhere;
  let violation: RunResult["violation"];
  try {
    world = ownWorld(initialWorld(system, observer));
    const stage = { system, world, observer };
    violation = judged(judgeWorld(system, world), 0);
    see(options, world, 0);
    while (violation === undefined || options.goOn === true) {
      if (choices.length >= options.maxSteps) return { end: "max-steps", choices, world, ...withViolation(violation) };
      const choice = strategy.next(world);
      if (choice === undefined) {
        violation ??= judged(judgeEnd(system, world), choices.length);
        return { end: "quiescent", choices, world, ...withViolation(violation) };
      }
      choices.push(choice);
      const before = judgesSteps ? ownWorld(world) : world;
      takeChoice(stage, choice);
      const found = (judgesSteps ? judgeStep(system, before, world, choice) : undefined) ?? judgeWorld(system, world);
      violation ??= judged(found, choices.length);
      see(options, world, choices.length);
    }
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    return { end: "crashed", choices, failure: error, world, ...withViolation(violation) };
  }
  return { end: "violated", choices, violation, world };
}

/** Stands for a world that failed before it began. */
const nowhere = { nodes: [], clients: [], monitors: [], budget: [], partitions: [] } as unknown as World;

function withViolation(violation: RunResult["violation"]): Pick<RunResult, "violation"> {
  return violation === undefined ? {} : { violation };
}

function judged(violation: Violation | undefined, step: number): RunResult["violation"] {
  return violation === undefined ? undefined : { ...violation, step };
}

function see(options: RunOptions, world: World, step: number): void {
  options.reached?.see(world);
  options.onWorld?.(world, step);
}

function recorderFor(system: System, strategy: Strategy, options: RunOptions): Recorder | undefined {
  if (options.trace === undefined || options.trace === "none") return undefined;
  const recorder = new Recorder(system, [...system.activeBags, ...(options.bags ?? [])], options.trace === "details");
  strategy.recordTo?.(recorder);
  return recorder;
}

/** What listens within steps: the recorder, or else what moves active bags, together with the strategy. */
function observerOf(system: System, strategy: Strategy, recorder: Recorder | undefined): StepObserver | undefined {
  const carrier: StepObserver | undefined = recorder ?? blindObserver(system);
  const listener = strategy.observer;
  if (listener === undefined) return carrier;
  return {
    begin: (kind, participant, choice, causes) => carrier?.begin(kind, participant, choice, causes) ?? noOrigin,
    emitted: (origin, tracepoint, fields) => carrier?.emitted(origin, tracepoint, fields) ?? origin,
    reacted: (participant, reaction) => carrier?.reacted?.(participant, reaction),
    ...listener,
    sent: (item) => {
      carrier?.sent?.(item);
      listener.sent?.(item);
    },
  };
}
