import { fullBudget, unlimited } from "../../../sim/fault.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import { encodeFaults } from "../../../sim/world.js";
import type { Components } from "../engine/components.js";
import type { LocalSteps } from "../engine/local-steps.js";
import { Commuting, disturbed } from "./commuting.js";
import { endless, type Future, Futures } from "./futures.js";
import { LocalMoves } from "./local-moves.js";
import { MessageSets } from "./message-sets.js";
import { NumberSets } from "./number-sets.js";
import { SharedFaults } from "./shared-faults.js";

/** Stands for a future that has not been asked for. */
const unasked = -3;

/** Participants whose steps are a persistent set, and what may happen while they take none. */
export interface Group {
  /** For each participant, 1 if it is a member. */
  readonly members: Uint8Array;
  /** For each participant outside, the number of its future. */
  readonly outside: Int32Array;
  /** For each member, 1 if some of what is sent meanwhile goes to it. */
  readonly getsMail: Uint8Array;
  /** Whether any member gets mail. */
  readonly hasMail: boolean;
}

/**
 * Persistent sets (Godefroid, "Partial-order methods for the verification of concurrent systems", 1996, chapter 4): steps of
 * which it is enough to take all in a state, as nothing that happens without them can depend on them.
 *
 * Here all steps of some participants, of whom none can get a message from the others, unless such a message commutes with
 * all that its receiver may do now. What others may come to send is found by closing their local graphs over all that may
 * reach them, in the state at hand, while the chosen participants stand still.
 */
export class PersistentSets {
  readonly futures: Futures;
  private readonly sets = new NumberSets();
  private readonly moves: LocalMoves;
  private readonly commuting: Commuting;
  private readonly participants: number;
  private readonly messages: MessageSets;
  private readonly shared: SharedFaults;
  // Of the state at hand: each participant's own state, inbox and the set of the messages in it, and how many steps it has.
  private readonly slot: Int32Array;
  private readonly inbox: Int32Array;
  private readonly mail: Int32Array;
  private readonly steps: Int32Array;
  /** And the future of each if it gets nothing more, once it has been asked for. */
  private readonly undisturbed: Int32Array;
  // The group that is growing: its members' steps; what each outside may get, and the set of what is sent meanwhile.
  private readonly group: { -readonly [Key in keyof Group]: Group[Key] };
  private size = 0;
  private stepsOfMembers = 0;
  private readonly coming: Int32Array;
  private readonly isDisturbed: Uint8Array;
  private sent = 0;

  constructor(
    private readonly system: System,
    private readonly components: Components,
    local: LocalSteps,
  ) {
    // Where there are persistent sets, only faults without limit are left.
    const budget = fullBudget(system.faults).map((count) => (count === unlimited ? unlimited : 0));
    const faults = { budget, partitions: [] };
    this.moves = new LocalMoves(
      system,
      components,
      local,
      components.faults.idOf(encodeFaults(faults as never), faults),
      this.sets,
    );
    const count = system.participants.length;
    this.participants = count;
    this.shared = new SharedFaults(components);
    this.futures = new Futures(count, this.moves, this.sets);
    this.commuting = new Commuting(system, this.moves, this.sets);
    this.messages = new MessageSets(count, this.moves, this.sets);
    const column = (): Int32Array => new Int32Array(count);
    [this.slot, this.inbox, this.mail, this.steps] = [column(), column(), column(), column()];
    [this.undisturbed, this.coming] = [column(), column()];
    this.isDisturbed = new Uint8Array(count);
    this.group = {
      members: new Uint8Array(count),
      outside: column(),
      getsMail: new Uint8Array(count),
      hasMail: false,
    };
  }

  /** Why less can be reduced than might be. */
  get problem(): string | undefined {
    if (this.futures.endless.size === 0) return undefined;
    const names = [...this.futures.endless]
      .sort((a, b) => a - b)
      .map((number) => String(this.system.participants[number]));
    return `What ${names.join(", ")} may come to send is not known: looked at alone, there seems to be no end of states.`;
  }

  /**
   * Takes a state to find groups in; false when there are none but everybody.
   *
   * @param steps how many steps are listed for each participant.
   */
  begin(ids: readonly number[], steps: Int32Array): boolean {
    if (this.shared.mayCome(ids)) return false;
    const { components, slot, inbox, mail } = this;
    for (let participant = 0; participant < this.participants; participant += 1) {
      slot[participant] = ids[components.slotComponent(participant)] as number;
      inbox[participant] = ids[components.inboxComponent(participant)] as number;
      mail[participant] = this.messages.in(participant, inbox[participant] as number);
    }
    this.undisturbed.fill(unasked);
    this.steps.set(steps);
    return true;
  }

  /** What a participant may come to do if it gets nothing more than it has. */
  private undisturbedFuture(participant: number): number {
    const known = this.undisturbed[participant] as number;
    if (known !== unasked) return known;
    const future = this.futures.of(participant, this.slot[participant] as number, this.mail[participant] as number);
    this.undisturbed[participant] = future;
    return future;
  }

  /**
   * The least group around a participant whose steps are a persistent set; undefined when it has as many steps as `most`, or
   * more. Good until it is asked for another one.
   */
  around(participant: number, most: number): Group | undefined {
    const { group, participants } = this;
    group.members.fill(0);
    [this.size, this.stepsOfMembers] = [0, 0];
    this.add(participant);
    // What others do without what is still to be sent disturbs many a group already, and is known for all groups of a state.
    let isWhole = false;
    try {
      while (this.stepsOfMembers < most && this.size < participants) {
        this.lookAround(isWhole);
        const isDisturbed = this.isDisturbed.includes(1);
        if (isDisturbed && this.grow()) continue;
        if (isWhole) return isDisturbed || this.stepsOfMembers >= most ? undefined : group;
        isWhole = true;
      }
      return undefined;
    } catch (error) {
      // A workload or handler's failure where nothing may ever come: it is not known what can follow.
      if (error instanceof NodeFailure) return undefined;
      throw error;
    }
  }

  private add(participant: number): void {
    this.group.members[participant] = 1;
    this.size += 1;
    this.stepsOfMembers += this.steps[participant] as number;
  }

  /**
   * What may happen around a group that takes none of the steps that it has now. A member that gets a message may go on from
   * there, and what it sends then, to members or others, counts too.
   *
   * @param isWhole whether others get what is sent meanwhile: if not, less may happen than is so.
   */
  private lookAround(isWhole: boolean): void {
    const { group, sets, isDisturbed } = this;
    let byMembers = 0;
    for (;;) {
      this.closeOutside(byMembers, isWhole);
      group.hasMail = false;
      isDisturbed.fill(0);
      let [more, hasDisturbed] = [byMembers, false];
      for (let member = 0; member < this.participants; member += 1) {
        const mail = group.members[member] === 1 ? this.messages.to(member, this.sent) : 0;
        group.getsMail[member] = mail === 0 ? 0 : 1;
        if (mail === 0) continue;
        group.hasMail = true;
        const sends = this.commuting.with(member, this.slot[member] as number, this.inbox[member] as number, mail);
        if (sends !== disturbed) more = sets.union(more, sends);
        else [isDisturbed[member], hasDisturbed] = [1, true];
      }
      if (more === byMembers || hasDisturbed) return;
      byMembers = more;
    }
  }

  /** What everybody outside the group may come to do while it stands still; those of whom it is not known join it. */
  private closeOutside(byMembers: number, isWhole: boolean): void {
    const { sets, coming, futures, slot, mail } = this;
    const { members, outside } = this.group;
    coming.set(mail);
    outside.fill(unasked);
    let sent = byMembers;
    for (let other = 0; other < this.participants; other += 1) {
      if (members[other] === 1) continue;
      outside[other] = this.undisturbedFuture(other);
      sent = this.sentBy(other, sent);
    }
    for (let before = isWhole ? -1 : sent; sent !== before;) {
      before = sent;
      for (let other = 0; other < this.participants; other += 1) {
        if (members[other] === 1) continue;
        const messages = sets.union(mail[other] as number, this.messages.to(other, sent));
        if (messages === coming[other]) continue;
        coming[other] = messages;
        outside[other] = futures.of(other, slot[other] as number, messages);
        sent = this.sentBy(other, sent);
      }
    }
    this.sent = sent;
  }

  /** The messages that may be sent with those of one outside; it joins if it may do anything: it had better stand still. */
  private sentBy(other: number, sent: number): number {
    const future = this.group.outside[other] as number;
    if (future !== endless) return this.sets.union(sent, (this.futures.all[future] as Future).sends);
    this.add(other);
    return sent;
  }

  /**
   * Adds to the group whoever may send to it what does not commute; if that comes from a member that goes on after mail of its
   * own, whoever sends that. False when there is nobody to add.
   */
  private grow(): boolean {
    return this.addSendersTo(this.isDisturbed) || this.addSendersTo(this.group.members.slice());
  }

  private addSendersTo(receivers: Uint8Array): boolean {
    const { members, outside } = this.group;
    const { size } = this;
    for (let other = 0; other < this.participants; other += 1) {
      if (members[other] === 1) continue;
      const { sends } = this.futures.all[outside[other] as number] as Future;
      if (receivers.some((isOne, receiver) => isOne === 1 && this.messages.to(receiver, sends) !== 0)) this.add(other);
    }
    return this.size > size;
  }
}
