import { type Choice, describeChoice } from "../choice.js";
import { enabledChoices } from "../enabled.js";
import type { InFlight } from "../network.js";
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
  /** The choices of this round that are still to be taken, by name. */
  private agenda: string[] = [];
  private readonly due = new Map<InFlight | Timer, number>();
  readonly observer = {
    sent: (item: InFlight): void => void this.due.set(item, this.round + 1),
    timerSet: (_node: number, timer: Timer): void => void this.due.set(timer, this.round + timer.delay),
  };

  constructor(private readonly system: System) {}

  next(world: World): Choice | undefined {
    for (;;) {
      const choices = enabledChoices(this.system, world);
      const name = this.agenda.shift();
      if (name !== undefined) {
        const choice = choices.find((one) => describeChoice(one) === name);
        if (choice !== undefined) return choice;
        continue;
      }
      const own = choices.filter((choice) => isOwn(choice));
      if (own.length === 0 || !own.some((choice) => changes(this.system, world, choice))) return undefined;
      this.round += 1;
      this.agenda = this.agendaOf(own, world);
    }
  }

  /** What happens in this round: deliveries and timers that are due, one option of each choice, and the clients' turns. */
  private agendaOf(own: readonly Choice[], world: World): string[] {
    const labels = new Set<string>();
    return own
      .filter((choice) => {
        if (choice.kind === "deliver") return this.isDue(choice.message);
        if (choice.kind === "fire") {
          const timers = world.nodes[this.system.nodeNumber(choice.node)]?.timers ?? [];
          return timers.some((timer) => timer.name === choice.timer && this.isDue(timer));
        }
        if (choice.kind !== "choose") return true;
        const label = `${choice.node.text} ${choice.label}`;
        if (labels.has(label)) return false;
        labels.add(label);
        return true;
      })
      .map(describeChoice);
  }

  private isDue(what: InFlight | Timer): boolean {
    return (this.due.get(what) ?? this.round) <= this.round;
  }
}

function isOwn(choice: Choice): boolean {
  switch (choice.kind) {
    case "deliver":
    case "fire":
    case "choose":
    case "flush":
    case "invoke":
      return true;
    case "drop":
    case "duplicate":
    case "delay":
    case "error":
    case "crash":
    case "recover":
    case "partition":
    case "heal":
    case "give-up":
      return false;
  }
}
