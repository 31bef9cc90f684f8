import { type Choice, describeChoice } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import type { Moves } from "./moves.js";

/**
 * Groups moves into lanes, the threads of control of a schedule: what is in one lane happens in a fixed order, apart from the
 * option that is taken. A fifo link is a lane, and so is a message on another link, a client, a timer of a node, a pending
 * choice of a node, and each fault.
 */
export class Lanes {
  private readonly numbers = new Map<string, number>();
  /** The lanes of entries, once they are known. */
  private readonly known: (number | undefined)[] = [];

  constructor(
    private readonly system: System,
    private readonly moves: Moves,
  ) {}

  /** The number of a move's lane. Lanes are numbered in order of first sight. */
  of(move: number): number {
    return (this.known[this.moves.entry(move)] ??= this.numberOf(this.nameOf(this.moves.choice(move))));
  }

  private numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }

  private nameOf(choice: Choice): string {
    if ("message" in choice) {
      const { sender, receiver, delayed } = choice.message;
      const isQueue = this.system.orders[receiver]?.[sender] === "fifo" && !delayed;
      return isQueue ? `${choice.kind} ${sender}->${receiver}` : describeChoice(choice);
    }
    switch (choice.kind) {
      case "choose":
        return `choose ${choice.node.text} ${choice.label}`;
      case "invoke":
      case "give-up":
        return `${choice.kind} ${choice.client.text}`;
      case "fire":
      case "flush":
      case "crash":
      case "recover":
      case "partition":
      case "heal":
        return describeChoice(choice);
    }
  }
}
