import { blindObserver } from "../../sim/carrier.js";
import { type Choice, describeChoice } from "../../sim/choice.js";
import { enabledChoices } from "../../sim/enabled.js";
import { withTraps } from "../../sim/guard.js";
import { initialWorld } from "../../sim/initial.js";
import { isReached, isTrue, judgeHolds, type Violation } from "../../sim/judge.js";
import type { PropertyOf } from "../../sim/property.js";
import { isFault, isQuiescent } from "../../sim/quiescent.js";
import { step } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import { View } from "../../sim/view.js";
import { encodeWorld, type World } from "../../sim/world.js";
import { actionsOf } from "./fairness.js";
import type { GraphProperty } from "./judge-graph.js";
import { strayStep } from "./refinement.js";
import { lassoDetail } from "./witness-of.js";

/** A run by the names of its choices, and how many of them come before those that repeat for ever. */
export interface Followed {
  readonly choices: readonly string[];
  readonly loop?: number;
}

/**
 * Executes a witness again with the plain `step`, and judges it without any graph: the violation that it shows, or undefined
 * when it shows none. Of `stays-reachable` one run shows only that the last world does not satisfy it.
 */
export function followWitness(system: System, property: GraphProperty, witness: Followed): Violation | undefined {
  return withTraps(() => {
    const run = replay(system, witness.choices);
    if (run === undefined) return undefined;
    const detail = judgeRun(system, property, run, witness.loop);
    return detail === undefined ? undefined : { property: property.name, detail };
  });
}

/** A run: world `i` is followed by choice `i` and world `i + 1`. */
interface Run {
  readonly worlds: readonly World[];
  readonly choices: readonly Choice[];
}

function replay(system: System, names: readonly string[]): Run | undefined {
  const observer = blindObserver(system);
  const worlds = [initialWorld(system, observer)];
  const choices: Choice[] = [];
  for (const name of names) {
    const world = worlds[worlds.length - 1] as World;
    const choice = enabledChoices(system, world).find((one) => describeChoice(one) === name);
    if (choice === undefined) return undefined;
    choices.push(choice);
    worlds.push(step(system, world, choice, observer));
  }
  return { worlds, choices };
}

function judgeRun(system: System, property: GraphProperty, run: Run, loop: number | undefined): string | undefined {
  const last = run.worlds[run.worlds.length - 1] as World;
  const view = (world: World): View => new View(system, world);
  switch (property.kind) {
    case "at-quiescence":
      return isQuiescent(system, last) ? judgeHolds(property, view(last))?.detail : undefined;
    case "stays-reachable":
      return isReached(property, view(last))
        ? undefined
        : "it does not hold here; that no choices lead there any more takes a check to see";
    case "refines":
      return strayStep(property, run.worlds.map(view))?.detail;
    case "eventually":
    case "leads-to": {
      if (!isOwing(system, property, run.worlds) || !isFairRun(system, property, run, loop)) return undefined;
      const stem = loop ?? run.choices.length;
      return lassoDetail(stem, run.choices.length - stem);
    }
  }
}

/** Whether an obligation that has begun is not met by any world from there on. */
function isOwing(system: System, property: PropertyOf<"eventually" | "leads-to">, worlds: readonly World[]): boolean {
  const views = worlds.map((world) => new View(system, world));
  if (property.kind === "eventually") return views.every((view) => !isReached(property, view));
  const met = views.findLastIndex((view) => isTrue(property, (seen) => property.to(seen(view))));
  return views.slice(met + 1).some((view) => isTrue(property, (seen) => property.from(seen(view))));
}

/** Whether the run may end where it ends, or closes its loop and treats every fair action fairly in going round. */
function isFairRun(
  system: System,
  { fairness }: PropertyOf<"eventually" | "leads-to">,
  { worlds, choices }: Run,
  loop: number | undefined,
): boolean {
  const last = worlds[worlds.length - 1] as World;
  const possibleAt = (world: World): Map<string, boolean> => {
    const actions = changing(system, world).flatMap((choice) => actionsOf(system, fairness, choice));
    return new Map(actions.map(({ name, strong }) => [name, strong]));
  };
  if (loop === undefined) return changing(system, last).every(isFault) && possibleAt(last).size === 0;
  const start = worlds[loop];
  if (start === undefined || loop >= choices.length || encodeWorld(start) !== encodeWorld(last)) return false;
  const round = choices.slice(loop);
  const taken = new Set(round.flatMap((choice) => actionsOf(system, fairness, choice).map(({ name }) => name)));
  const possible = worlds.slice(loop, -1).map(possibleAt);
  return possible.every((here) =>
    [...here].every(([name, strong]) => taken.has(name) || (!strong && possible.some((there) => !there.has(name)))),
  );
}

/** The choices that would change the world. */
function changing(system: System, world: World): Choice[] {
  const text = encodeWorld(world);
  const observer = blindObserver(system);
  return enabledChoices(system, world).filter((choice) => encodeWorld(step(system, world, choice, observer)) !== text);
}
