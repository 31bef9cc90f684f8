import { blindObserver } from "../../sim/carrier.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { step } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import { View } from "../../sim/view.js";
import { encodeWorld, type World } from "../../sim/world.js";
import { type Pace, userCall } from "../pace.js";

/** The worlds of an abstract scenario, found as they are asked for, and sets of them; all by number. */
export class AbstractWorlds {
  private readonly worlds: World[] = [];
  private readonly images: string[] = [];
  private readonly successors: (readonly number[] | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly sets: (readonly number[])[] = [];
  private readonly setNumbers = new Map<string, number>();
  private readonly afterSets: Map<string, number | undefined>[] = [];
  private readonly observer;

  /** @param image what is seen of a world. */
  constructor(
    private readonly system: System,
    private readonly image: (view: View) => string,
    private readonly pace: Pace,
  ) {
    this.observer = blindObserver(system);
  }

  initial(): number {
    return this.numberOf(initialWorld(this.system, this.observer));
  }

  imageOf(world: number): string {
    return this.images[world] as string;
  }

  setOf(worlds: readonly number[]): number {
    const sorted = [...new Set(worlds)].sort((a, b) => a - b);
    const key = sorted.join();
    const known = this.setNumbers.get(key);
    if (known !== undefined) return known;
    this.setNumbers.set(key, this.sets.length);
    this.afterSets.push(new Map());
    return this.sets.push(sorted) - 1;
  }

  /** The set of the worlds with this image that a world of the set is, or becomes in one step; undefined when there is none. */
  after(set: number, image: string): number | undefined {
    const known = this.afterSets[set] as Map<string, number | undefined>;
    if (known.has(image)) return known.get(image);
    const worlds = this.sets[set] as readonly number[];
    const next = worlds
      .flatMap((world) => [world, ...this.next(world)])
      .filter((world) => this.images[world] === image);
    const after = next.length === 0 ? undefined : this.setOf(next);
    known.set(image, after);
    return after;
  }

  private next(number: number): readonly number[] {
    const world = this.worlds[number] as World;
    return (this.successors[number] ??= enabledChoices(this.system, world).map((choice) => {
      this.pace.spend(userCall);
      return this.numberOf(step(this.system, world, choice, this.observer));
    }));
  }

  private numberOf(world: World): number {
    const text = encodeWorld(world);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.worlds.length);
    this.images.push(this.image(new View(this.system, world)));
    return this.worlds.push(world) - 1;
  }
}
