import { faultNumber, type FaultKind, fullBudget, unlimited } from "../../../sim/fault.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import { encodeFaults, type NodeSlot } from "../../../sim/world.js";
import type { Components, Faults } from "../engine/components.js";
import type { LocalSteps } from "../engine/local-steps.js";
import { Commuting } from "./commuting.js";
import { type Future, Futures } from "./futures.js";
import { LocalMoves } from "./local-moves.js";
import { NumberSets } from "./number-sets.js";

/** Participants whose steps are a persistent set, and what may happen while they take none. */
export interface Group {
  readonly members: ReadonlySet<number>;
  /** For each participant outside, what it may come to do. */
  readonly outside: readonly (Future | undefined)[];
  /** The set of the messages that may be sent meanwhile. */
  readonly sent: number;
  /** The members to whom some of them go. */
  readonly getsMail: ReadonlySet<number>;
  /** How many choices the members have, those that change nothing included. */
  readonly choices: number;
}

/** A group to which others may have to be added: those of its members that are disturbed by what they may get. */
type Growing = Omit<Group, "choices" | "members"> & {
  readonly members: Set<number>;
  readonly disturbed: readonly number[];
};

/**
 * Persistent sets (Godefroid, "Partial-order methods for the verification of concurrent systems", 1996, chapter 4): steps of
 * which it is enough to take all in a state, as nothing that happens without them can depend on them.
 *
 * Here all steps of some participants, of whom none can get a message from the others, unless such a message commutes with
 * all that its receiver may do now. What others may come to send is found by closing their local graphs over all that may
 * reach them, in the state at hand, while the chosen participants stand still.
 */
export class PersistentSets {
  private readonly sets = new NumberSets();
  private readonly moves: LocalMoves;
  private readonly futures: Futures;
  private readonly commuting: Commuting;
  private readonly inboxes: number[][];
  private readonly toReceiver: number[][];
  constructor(
    private readonly system: System,
    private readonly components: Components,
    steps: LocalSteps,
  ) {
    // Where there are persistent sets, only faults without limit are left.
    const budget = fullBudget(system.faults).map((count) => (count === unlimited ? unlimited : 0));
    const faults = { budget, partitions: [] };
    this.moves = new LocalMoves(
      system,
      components,
      steps,
      components.faults.idOf(encodeFaults(faults as never), faults),
    );
    this.futures = new Futures(system.participants.length, this.moves, this.sets);
    this.commuting = new Commuting(system, this.moves, this.sets);
    this.inboxes = system.participants.map(() => []);
    this.toReceiver = system.participants.map(() => []);
  }

  /** Why less can be reduced than might be. */
  get problem(): string | undefined {
    if (this.futures.endless.size === 0) return undefined;
    const names = [...this.futures.endless]
      .sort((a, b) => a - b)
      .map((number) => String(this.system.participants[number]));
    return `What ${names.join(", ")} may come to send is not known: looked at alone, there seems to be no end of states.`;
  }

  /** The least group around a participant whose steps are a persistent set; undefined when it is everybody. */
  around(participant: number, ids: readonly number[]): Group | undefined {
    if (this.hasSharedFaults(ids)) return undefined;
    const members = new Set([participant]);
    try {
      for (;;) {
        const group = this.withSurroundings(members, ids);
        const hasGrown = this.grow(group);
        if (hasGrown === undefined) return undefined;
        if (!hasGrown) return { ...group, choices: this.choicesOf(members, ids) };
        if (members.size === this.system.participants.length) return undefined;
      }
    } catch (error) {
      // A workload or handler's failure where nothing may ever come: it is not known what can follow.
      if (error instanceof NodeFailure) return undefined;
      throw error;
    }
  }

  /**
   * Faults that draw on one budget depend on each other, whomever they befall; and partitions on all that they hold back.
   * While there are any of them to come, everybody's steps are taken.
   */
  private hasSharedFaults(ids: readonly number[]): boolean {
    const { components } = this;
    const { budget, partitions } = components.faults.values[ids[components.faultsComponent] as number] as Faults;
    const left = (kind: FaultKind): number => budget[faultNumber[kind]] as number;
    if (partitions.length > 0 || left("partition") !== 0) return true;
    return budget.some((count, number) => {
      if (count === 0 || count === unlimited) return false;
      // Nobody is down, and nobody can crash any more.
      return number !== faultNumber.recover || left("crash") !== 0 || this.isAnyDown(ids);
    });
  }

  private isAnyDown(ids: readonly number[]): boolean {
    return this.components.nodes.some(({ values }, node) => !(values[ids[node] as number] as NodeSlot).up);
  }

  /**
   * What may happen around a group that takes none of the steps that it has now. A member that gets a message may go on from
   * there, and what it sends then, to members or others, counts too.
   */
  private withSurroundings(members: Set<number>, ids: readonly number[]): Growing {
    let byMembers = 0;
    for (;;) {
      const outside = this.futuresOutside(members, ids, byMembers);
      let sent = byMembers;
      for (const future of outside) if (future !== undefined) sent = this.sets.union(sent, future.sends);
      const getsMail = new Set([...members].filter((member) => this.sentTo(member, sent) !== 0));
      let more = byMembers;
      const disturbed: number[] = [];
      for (const member of getsMail) {
        const sends = this.afterMail(member, ids, sent);
        if (sends === undefined) disturbed.push(member);
        else more = this.sets.union(more, sends);
      }
      if (more === byMembers || disturbed.length > 0) return { members, outside, sent, getsMail, disturbed };
      byMembers = more;
    }
  }

  private afterMail(member: number, ids: readonly number[], sent: number): number | undefined {
    const { components } = this;
    const [slot, inbox] = [ids[components.slotComponent(member)], ids[components.inboxComponent(member)]];
    return this.commuting.with(member, slot as number, inbox as number, this.sentTo(member, sent));
  }

  /**
   * Adds to a group whoever may send to it what does not commute; false when there is nobody, undefined when what disturbs
   * it comes from members, of whom there is nobody to add.
   */
  private grow({ members, outside, disturbed }: Growing): boolean | undefined {
    if (disturbed.length === 0) return false;
    let hasGrown = false;
    outside.forEach((future, other) => {
      if (future === undefined || members.has(other)) return;
      if (disturbed.every((member) => this.sentTo(member, future.sends) === 0)) return;
      members.add(other);
      hasGrown = true;
    });
    if (hasGrown) return true;
    // It comes from a member that goes on after mail of its own: whoever sends that joins.
    outside.forEach((future, other) => {
      if (future === undefined || members.has(other)) return;
      if ([...members].every((member) => this.sentTo(member, future.sends) === 0)) return;
      members.add(other);
      hasGrown = true;
    });
    return hasGrown ? true : undefined;
  }

  private choicesOf(members: ReadonlySet<number>, ids: readonly number[]): number {
    const { components } = this;
    return [...members].reduce((sum, member) => {
      const [slot, inbox] = [ids[components.slotComponent(member)], ids[components.inboxComponent(member)]];
      return sum + this.moves.offered(member, slot as number, inbox as number).length;
    }, 0);
  }

  /** What everybody outside a group may come to do while the group stands still; those of whom it is not known join it. */
  private futuresOutside(members: Set<number>, ids: readonly number[], byMembers: number): (Future | undefined)[] {
    const { components, sets } = this;
    const futures: (Future | undefined)[] = this.system.participants.map(() => undefined);
    for (let [before, sent] = [-1, byMembers]; sent !== before;) {
      before = sent;
      for (let other = 0; other < futures.length; other += 1) {
        if (members.has(other)) continue;
        const inbox = this.messagesIn(other, ids[components.inboxComponent(other)] as number);
        const messages = sets.union(inbox, this.sentTo(other, sent));
        const future = this.futures.of(other, ids[components.slotComponent(other)] as number, messages);
        futures[other] = future;
        // It may do anything: it had better stand still.
        if (future === undefined) {
          members.add(other);
          continue;
        }
        sent = sets.union(sent, future.sends);
      }
    }
    return futures;
  }

  private messagesIn(participant: number, inbox: number): number {
    const known = this.inboxes[participant] as number[];
    return (known[inbox] ??= this.sets.of(this.moves.messagesIn(participant, inbox)));
  }

  /** Those of a set of messages that go to a participant. */
  private sentTo(receiver: number, messages: number): number {
    const known = this.toReceiver[receiver] as number[];
    return (known[messages] ??= this.sets.of(
      this.sets.members(messages).filter((message) => this.moves.receivers[message] === receiver),
    ));
  }
}
