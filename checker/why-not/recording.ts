import type { Choice } from "../../sim/choice.js";
import { describeChoice } from "../../sim/choice.js";
import { initialWorld } from "../../sim/initial.js";
import { step } from "../../sim/step.js";
import { NodeFailure } from "../../sim/node-failure.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import type { World } from "../../sim/world.js";
import { CausalIdentity } from "./causal-identity.js";

/**
 * A recorded run by the causal identities of its events, against which the events of other runs are matched.
 *
 * An event of another run that matches gets the number of the recorded one; all others get numbers from `trace.length` on.
 */
export class Recording {
  readonly system: System;
  readonly identity: CausalIdentity;
  /** The world before the first step, whose parts carry the identities. */
  readonly initial: World;
  private readonly byName = new Map<string, number[]>();
  private readonly emitted: string[] = [];
  private readonly others = new Map<string, number>();

  /** O(steps): takes them all again. */
  constructor(readonly trace: Trace) {
    this.system = trace.system;
    this.identity = new CausalIdentity(this.system);
    this.initial = initialWorld(this.system, this.identity);
    let world = this.initial;
    for (let event = this.first; event < trace.length; event += 1) {
      const choice = this.identity.own(world, trace.choices[event] as Choice);
      const name = this.identity.nameOf(world, choice);
      const known = this.byName.get(name);
      if (known === undefined) this.byName.set(name, [event]);
      else known.push(event);
      world = this.stepRecorded(world, choice, event);
    }
  }

  /** The last step of a run that ended in a failure of node code is the one that failed. */
  private stepRecorded(world: World, choice: Choice, event: number): World {
    try {
      const next = this.step(world, choice, event);
      this.emitted.push(this.lastEmitted());
      return next;
    } catch (error) {
      if (error instanceof NodeFailure && event === this.trace.length - 1) return world;
      throw error;
    }
  }

  /** The first event that is a step. */
  get first(): number {
    return this.trace.initialEvents;
  }

  get steps(): number {
    return this.trace.length - this.first;
  }

  /** The recorded events of this name, in order: more than one where an event may happen again, as a crash. */
  named(name: string): readonly number[] {
    return this.byName.get(name) ?? [];
  }

  /** The number of an event that is not recorded, one for each name. */
  otherNumber(name: string): number {
    let number = this.others.get(name);
    if (number === undefined) {
      number = this.trace.length + this.others.size;
      this.others.set(name, number);
    }
    return number;
  }

  /** Takes a choice, its event having this number. @throws NodeFailure as `step`. */
  step(world: World, choice: Choice, number: number): World {
    this.identity.next = number;
    this.identity.clear();
    return step(this.system, world, choice, this.identity);
  }

  /** What the last step emitted, as a text that is the same in another run. */
  lastEmitted(): string {
    const { emissions } = this.identity;
    return [...emissions].map(([name, text]) => `${name.slice(name.indexOf(" "))} ${text}`).join("\n");
  }

  /** What a recorded event emitted. */
  emittedAt(event: number): string {
    return this.emitted[event - this.first] ?? "";
  }

  choiceName(event: number): string {
    return describeChoice(this.trace.choices[event] as Choice);
  }
}
