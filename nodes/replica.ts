import { Map, Record, Set } from "immutable";
import { cancelTimer, type Effect, reply, send, setTimer } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { become, type Context, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import type { NodeId } from "../sim/node-id.js";
import type { Value } from "../sim/value.js";
import { type Budget, isSpent, requireBudget, spend } from "./budget.js";
import { beat, type Heartbeat, heartbeatTimer, startBeating } from "./heartbeat.js";

export type ReplicaRequest = { readonly kind: "read" } | { readonly kind: "write"; readonly value: Value };

/** `ok` answers a write that all backups hold; `not-primary` names the replica to ask instead, as far as this one knows. */
export type ReplicaReply =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "ok" }
  | { readonly kind: "not-primary"; readonly primary: NodeId };

/** The register as the primary of a view holds it: a write that is forwarded, or what a new primary starts from. */
export interface Replicate {
  readonly kind: "replicate";
  readonly view: number;
  readonly version: number;
  readonly value: Value;
}

/** A backup holds this version. */
export interface Replicated {
  readonly kind: "replicated";
  readonly version: number;
}

export type ReplicaMessage = ReplicaRequest | Replicate | Replicated | Heartbeat;

/** A write that is not answered yet, and the backups that have not acknowledged it. */
export interface PendingWrite {
  readonly from: Sender;
  readonly waiting: Set<NodeId>;
}

/**
 * `view` is the rank of the primary, as far as this replica knows; `version` counts the writes to the register.
 * `pending` is by version; `heard` tells whether the primary gave a sign of life since the last check.
 */
export class ReplicaState extends Record({
  view: 0,
  version: 0,
  value: null as Value,
  pending: Map<number, PendingWrite>(),
  heard: false,
  beats: 0 as Budget,
  checks: 0 as Budget,
}) {}

export interface ReplicaOptions {
  readonly role?: string;
  /** Who answers reads: the primary alone, or every replica from what it holds (which may be old, or never be answered). */
  readonly reads: "primary" | "any";
  /** The register before the first write. */
  readonly initial?: Value;
  /** Heartbeats that each replica may send as a primary, `beatDelay` ticks apart. */
  readonly beats: Budget;
  readonly beatDelay?: number;
  /** How often each replica may look whether its primary is alive, `checkDelay` ticks apart; 0: nobody takes over. */
  readonly checks: Budget;
  readonly checkDelay?: number;
}

/** The timer of the backup that is next in line. */
export const checkTimer = "check";

/**
 * A replica of a register, primary and backups (P. Alsberg and J. Day, "A Principle for Resilient Sharing of Distributed
 * Resources", 1976; N. Budhiraja, K. Marzullo, F. Schneider, S. Toueg, "The Primary-Backup Approach", 1993).
 *
 * The primary of view v is the replica of rank v; its backups are those of higher rank. It applies a write, forwards it,
 * and answers when every backup has acknowledged. The backup of rank v + 1 that heard no heartbeat between two checks
 * becomes the primary of view v + 1, tells all others what it holds, and refuses writes of older views from then on.
 *
 * So an answered write is never lost. What is *not* promised, for a checker to find: two primaries at a time when
 * heartbeats are late rather than missing, and then old values read from the former one; values read that are lost with
 * a primary before they were answered; an answer to a write while a backup is down, or when its primary was replaced.
 *
 * There is no `recover`: a replica that crashes stays down. Ranks are used, so that the role is not symmetric. Finite
 * when the workload and both budgets are.
 *
 * @throws RangeError for a budget that is negative or not whole.
 */
export function replica(options: ReplicaOptions): NodeDefinition<ReplicaState, ReplicaMessage> {
  const { role = "replica", reads, initial = null, beatDelay = 1, checkDelay = 2 } = options;
  const beats = requireBudget("beats", options.beats);
  const checks = requireBudget("checks", options.checks);
  const group = (context: Context): Group => groupOf(context.role(role), context);

  return defineNode<ReplicaState, ReplicaMessage>({
    role,
    start: (context) => {
      const state = new ReplicaState({ value: initial, beats, checks });
      const leading = startLeading(state, group(context), beatDelay);
      return become(state, ...leading, ...startChecking(state, group(context), checkDelay));
    },
    onMessage: {
      read: (state, _message, from, context) =>
        reads === "any" || isPrimary(state, group(context))
          ? become(state, reply<ReplicaReply>(from, { kind: "value", value: state.value }))
          : refuse(state, from, group(context)),
      write: (state, { value }, from, context) => write(state, { value, from }, group(context)),
      replicate: (state, message, from, context) => adopt(state, message, from, { group: group(context), checkDelay }),
      replicated: (state, message, from) => acknowledge(state, message, from),
      heartbeat: (state, _message, from, context) =>
        become(from.node === primaryOf(state, group(context)) ? state.set("heard", true) : state),
    },
    onTimer: {
      [heartbeatTimer]: (state, context) => {
        const to = backupsOf(state, group(context));
        const { left, effects } = beat(state.beats, { delay: beatDelay, load: state.pending.size, to });
        return become(state.set("beats", left), ...effects);
      },
      [checkTimer]: (state, context) => check(state, group(context), { beatDelay, checkDelay }),
    },
  });
}

/** The replicas by rank, and the rank of the one whose handler runs. */
interface Group {
  readonly replicas: readonly NodeId[];
  readonly rank: number;
}

function groupOf(replicas: readonly NodeId[], context: Context): Group {
  return { replicas, rank: context.rank(context.self) };
}

function isPrimary(state: ReplicaState, group: Group): boolean {
  return group.rank === state.view;
}

function primaryOf(state: ReplicaState, { replicas }: Group): NodeId {
  const primary = replicas[state.view];
  if (primary === undefined) throw new Error(`No replica has rank ${state.view}; there are ${replicas.length}.`);
  return primary;
}

function backupsOf(state: ReplicaState, { replicas }: Group): readonly NodeId[] {
  return replicas.slice(state.view + 1);
}

function refuse(state: ReplicaState, from: Sender, group: Group): Reaction<ReplicaState> {
  return become(state, reply<ReplicaReply>(from, { kind: "not-primary", primary: primaryOf(state, group) }));
}

function write(
  state: ReplicaState,
  { value, from }: { readonly value: Value; readonly from: Sender },
  group: Group,
): Reaction<ReplicaState> {
  if (!isPrimary(state, group)) return refuse(state, from, group);
  const written = state.merge({ version: state.version + 1, value });
  const backups = backupsOf(state, group);
  if (backups.length === 0) return become(written, reply<ReplicaReply>(from, { kind: "ok" }));
  const pending = written.pending.set(written.version, { from, waiting: Set(backups) });
  return become(written.set("pending", pending), ...backups.map((backup) => send(backup, contentOf(written))));
}

function contentOf({ view, version, value }: ReplicaState): Replicate {
  return { kind: "replicate", view, version, value };
}

/** Takes over what is newer, and acknowledges all of the present view; a message of an older view is refused in silence. */
function adopt(
  state: ReplicaState,
  { view, version, value }: Replicate,
  from: Sender,
  { group, checkDelay }: { readonly group: Group; readonly checkDelay: number },
): Reaction<ReplicaState> {
  if (view < state.view) return become(state);
  const acknowledgement = reply<Replicated>(from, { kind: "replicated", version });
  if (view === state.view) {
    return become(version > state.version ? state.merge({ version, value }) : state, acknowledgement);
  }
  const moved = state.merge({ view, version, value, heard: false });
  const steppingDown = isPrimary(state, group) ? [cancelTimer(heartbeatTimer)] : [];
  return become(moved, acknowledgement, ...steppingDown, ...startChecking(moved, group, checkDelay));
}

function acknowledge(state: ReplicaState, { version }: Replicated, from: Sender): Reaction<ReplicaState> {
  const write = state.pending.get(version);
  if (write === undefined) return become(state);
  const waiting = write.waiting.delete(from.node);
  if (!waiting.isEmpty()) {
    return become(state.set("pending", state.pending.set(version, { ...write, waiting })));
  }
  const answered = state.set("pending", state.pending.delete(version));
  return become(answered, reply<ReplicaReply>(write.from, { kind: "ok" }));
}

function startLeading(state: ReplicaState, group: Group, delay: number): readonly Effect[] {
  return isPrimary(state, group) && backupsOf(state, group).length > 0 ? startBeating(delay, state.beats) : [];
}

/** Only the backup that is next in line checks, and its own taking over alone moves it past that. */
function startChecking(state: ReplicaState, group: Group, delay: number): readonly Effect[] {
  return group.rank === state.view + 1 && !isSpent(state.checks) ? [setTimer(checkTimer, delay)] : [];
}

function check(
  state: ReplicaState,
  group: Group,
  { beatDelay, checkDelay }: { readonly beatDelay: number; readonly checkDelay: number },
): Reaction<ReplicaState> {
  const checked = state.merge({ checks: spend(state.checks), heard: false });
  if (state.heard) return become(checked, ...startChecking(checked, group, checkDelay));
  const primary = checked.set("view", group.rank);
  const others = group.replicas.filter((_, rank) => rank !== group.rank);
  return become(
    primary,
    ...others.map((other) => send(other, contentOf(primary))),
    ...startLeading(primary, group, beatDelay),
  );
}
