import { type Choice, describeChoice } from "../choice.js";
import { enabledChoices } from "../enabled.js";
import type { InFlight } from "../network.js";
import { isFault } from "../quiescent.js";
import type { Strategy, StrategyFor } from "../strategy.js";
import type { System } from "../system.js";
import type { Timer, World } from "../world.js";
import { changes } from "./listing.js";

/**
 * Synchronous rounds, as in lineage-driven fault injection (Alvaro, Rosen and Hellerstein, SIGMOD 2015, section 3):
 * every message takes one round, and so does a client's thinking; a timer of delay d fires d rounds after it was set; a
 * node's choice takes its first option. Within a round, nodes take their turns in canonical order. No faults happen.
 */
export function rounds(): StrategyFor {
  return (system) => new Rounds(system);
}

class Rounds implements Strategy {
  readonly name = "rounds";
  private round = 0;
  /** What neither a message nor a timer makes due, and may still be taken in this round, by name. */
  private readonly open = new Set<string>();
  private readonly due = new Map<InFlight | Timer, number>();
  readonly observer = {
    sent: (item: InFlight): void => void this.due.set(item, this.round + 1),
    timerSet: (_node: number, timer: Timer): void => void this.due.set(timer, this.round + timer.delay),
  };

  constructor(private readonly system: System) {}

  next(world: World): Choice | undefined {
    for (;;) {
      const choices = enabledChoices(this.system, world).filter(isOwn);
      const choice = choices.find((one) => this.isTurn(one, world));
      if (choice !== undefined) {
        this.open.delete(describeChoice(choice));
        return choice;
      }
      if (!choices.some((one) => changes(this.system, world, one))) return undefined;
      this.begin(choices, world);
    }
  }

  /** Begins the next round in which something happens. */
  private begin(choices: readonly Choice[], world: World): void {
    const rounds = choices.map((choice) => this.dueRound(choice, world) ?? 0);
    this.round = Math.max(this.round + 1, Math.min(...rounds));
    this.open.clear();
    const labels = new Set<string>();
    for (const choice of choices) {
      if (this.dueRound(choice, world) !== undefined && !this.staysInFlight(choice, world)) continue;
      if (choice.kind === "choose") {
        const label = `${choice.node.text} ${choice.label}`;
        if (labels.has(label)) continue;
        labels.add(label);
      }
      this.open.add(describeChoice(choice));
    }
  }

  private isTurn(choice: Choice, world: World): boolean {
    const due = this.dueRound(choice, world);
    if (due !== undefined && due > this.round) return false;
    return (due !== undefined && !this.staysInFlight(choice, world)) || this.open.has(describeChoice(choice));
  }

  /** The round at which a message or a timer is due; undefined for other choices. */
  private dueRound(choice: Choice, world: World): number | undefined {
    if (choice.kind === "deliver") return this.due.get(choice.message) ?? this.round;
    if (choice.kind !== "fire") return undefined;
    const timers = world.nodes[this.system.nodeNumber(choice.node)]?.timers ?? [];
    const timer = timers.find(({ name }) => name === choice.timer);
    return timer === undefined ? undefined : (this.due.get(timer) ?? this.round);
  }

  /** A message of a set link is delivered once in each round. */
  private staysInFlight(choice: Choice, world: World): boolean {
    if (choice.kind !== "deliver") return false;
    const { sender, receiver } = choice.message;
    return world.network.order(sender, receiver) === "set";
  }
}

/** What happens by itself: no fault, and no end of one. */
function isOwn(choice: Choice): boolean {
  return choice.kind !== "heal" && !isFault(choice);
}
