import { describe, expect, test } from "vitest";
import { type ReplicaMessage, type ReplicaOptions, replica, type ReplicaState } from "../../nodes/replica.js";
import type { Sender } from "../../sim/message.js";
import type { Reaction } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { encode } from "../../sim/value.js";
import { contextOf } from "./context.js";

const names = ["p", "q", "r"];
const [p, q, r] = names.map(nodeId) as [Sender["node"], Sender["node"], Sender["node"]];
const client: Sender = { node: nodeId("client"), call: 1 };
const options: ReplicaOptions = { reads: "primary", initial: "old", beats: 2, checks: 2, beatDelay: 1, checkDelay: 3 };

/** One replica of three, driven by hand. */
function drive(self: string, given: Partial<ReplicaOptions> = {}) {
  const node = replica({ ...options, ...given });
  const context = contextOf("replica", names, self);
  return {
    start: () => node.start(context),
    get(state: ReplicaState, message: ReplicaMessage, from: Sender): Reaction<ReplicaState> {
      const handler = node.onMessage[message.kind] as (
        ...input: [ReplicaState, ReplicaMessage, Sender, typeof context]
      ) => Reaction<ReplicaState>;
      return handler(state, message, from, context);
    },
    fire(state: ReplicaState, timer: string): Reaction<ReplicaState> {
      const reaction = node.onTimer?.[timer]?.(state, context);
      if (reaction === undefined) throw new Error(`There is no timer ${timer}.`);
      return reaction;
    },
  };
}

const sent = (to: Sender["node"], message: unknown): unknown => ({ kind: "send", to, message });
const answered = (message: unknown): unknown => ({ kind: "send", to: client.node, message, call: client.call });
const replicate = (view: number, version: number, value: string): ReplicaMessage => ({
  kind: "replicate",
  view,
  version,
  value,
});
const write: ReplicaMessage = { kind: "write", value: "new" };

describe("at the start", () => {
  test("the replica of rank 0 leads and beats, the next checks on it, and the others wait", () => {
    expect(drive("p").start().effects).toEqual([{ kind: "set-timer", timer: "heartbeat", delay: 1 }]);
    expect(drive("q").start().effects).toEqual([{ kind: "set-timer", timer: "check", delay: 3 }]);
    expect(drive("r").start().effects).toEqual([]);
  });

  test("without budgets no timer is set", () => {
    for (const name of names) expect(drive(name, { beats: 0, checks: 0 }).start().effects).toEqual([]);
  });

  test.each(["beats", "checks"] as const)("a negative budget of %s is refused", (budget) => {
    expect(() => replica({ ...options, [budget]: -1 })).toThrow(`The budget "${budget}" is -1`);
  });
});

describe("a write", () => {
  test("is applied and forwarded by the primary, and answered after the last backup has acknowledged", () => {
    const primary = drive("p");
    const written = primary.get(primary.start().state, write, client);
    const once = primary.get(written.state, { kind: "replicated", version: 1 }, { node: q });
    const again = primary.get(once.state, { kind: "replicated", version: 1 }, { node: q });
    const twice = primary.get(again.state, { kind: "replicated", version: 1 }, { node: r });

    expect(written.state.value).toBe("new");
    expect(written.effects).toEqual([q, r].map((to) => sent(to, replicate(0, 1, "new"))));
    expect([once.effects, again.effects]).toEqual([[], []]);
    expect(twice.effects).toEqual([answered({ kind: "ok" })]);
    expect(twice.state.pending.size).toBe(0);
  });

  test("is applied by a backup, and acknowledged", () => {
    const backup = drive("q");
    const reaction = backup.get(backup.start().state, replicate(0, 1, "new"), { node: p });
    expect(reaction.state.value).toBe("new");
    expect(reaction.effects).toEqual([sent(p, { kind: "replicated", version: 1 })]);
  });

  test("that was overtaken by a newer one is acknowledged and not applied", () => {
    const backup = drive("q");
    const newer = backup.get(backup.start().state, replicate(0, 2, "newer"), { node: p });
    const older = backup.get(newer.state, replicate(0, 1, "new"), { node: p });
    expect(older.state).toBe(newer.state);
    expect(older.effects).toEqual([sent(p, { kind: "replicated", version: 1 })]);
  });

  test("is refused by a backup, which names the primary", () => {
    const backup = drive("q");
    const { state } = backup.start();
    expect(backup.get(state, write, client)).toEqual({
      state,
      effects: [answered({ kind: "not-primary", primary: p })],
    });
  });

  test("is answered at once by a primary without backups", () => {
    const last = drive("r");
    const alone = last.start().state.merge({ view: 2 });
    expect(last.get(alone, write, client).effects).toEqual([answered({ kind: "ok" })]);
  });
});

describe("a read", () => {
  test("is answered by the primary", () => {
    const primary = drive("p");
    expect(primary.get(primary.start().state, { kind: "read" }, client).effects).toEqual([
      answered({ kind: "value", value: "old" }),
    ]);
  });

  test("is refused by a backup, unless any replica may answer", () => {
    const state = drive("q").start().state;
    expect(drive("q").get(state, { kind: "read" }, client).effects).toEqual([
      answered({ kind: "not-primary", primary: p }),
    ]);
    expect(drive("q", { reads: "any" }).get(state, { kind: "read" }, client).effects).toEqual([
      answered({ kind: "value", value: "old" }),
    ]);
  });
});

describe("taking over", () => {
  test("the primary's beat goes to its backups", () => {
    const primary = drive("p");
    const beaten = primary.fire(primary.start().state, "heartbeat");
    expect(beaten.effects.slice(0, 2)).toEqual([q, r].map((to) => sent(to, { kind: "heartbeat", load: 0 })));
    expect(beaten.state.beats).toBe(1);
  });

  test("a backup that heard its primary checks again, while the budget lasts", () => {
    const backup = drive("q");
    const heard = backup.get(backup.start().state, { kind: "heartbeat", load: 0 }, { node: p });
    const checked = backup.fire(heard.state, "check");
    const heardAgain = backup.get(checked.state, { kind: "heartbeat", load: 0 }, { node: p });
    const last = backup.fire(heardAgain.state, "check");

    expect(checked.effects).toEqual([{ kind: "set-timer", timer: "check", delay: 3 }]);
    expect(checked.state.heard).toBe(false);
    expect([last.effects, last.state.view, last.state.checks]).toEqual([[], 0, 0]);
  });

  test("a heartbeat of another than the primary is no sign of its life", () => {
    const backup = drive("q");
    const { state } = backup.start();
    expect(backup.get(state, { kind: "heartbeat", load: 0 }, { node: r }).state).toBe(state);
  });

  test("a backup that heard nothing leads the next view, and tells all others what it holds", () => {
    const backup = drive("q");
    const held = backup.get(backup.start().state, replicate(0, 1, "new"), { node: p });
    const leading = backup.fire(held.state, "check");

    expect(leading.state.view).toBe(1);
    expect(leading.effects).toEqual([
      sent(p, replicate(1, 1, "new")),
      sent(r, replicate(1, 1, "new")),
      { kind: "set-timer", timer: "heartbeat", delay: 1 },
    ]);
    expect(backup.get(leading.state, replicate(0, 2, "late"), { node: p })).toEqual({
      state: leading.state,
      effects: [],
    });
    expect(backup.get(leading.state, write, client).effects).toEqual([sent(r, replicate(1, 2, "new"))]);
  });

  test("the former primary steps down, with what the new one holds", () => {
    const former = drive("p");
    const written = former.get(former.start().state, write, client);
    const stepped = former.get(written.state, replicate(1, 0, "old"), { node: q });

    expect(stepped.state.value).toBe("old");
    expect(stepped.effects).toEqual([
      sent(q, { kind: "replicated", version: 0 }),
      { kind: "cancel-timer", timer: "heartbeat" },
    ]);
    expect(former.get(stepped.state, write, client).effects).toEqual([answered({ kind: "not-primary", primary: q })]);
  });

  test("the backup that is then next in line begins to check", () => {
    const last = drive("r");
    const moved = last.get(last.start().state, replicate(1, 0, "old"), { node: q });
    expect(moved.effects.at(-1)).toEqual({ kind: "set-timer", timer: "check", delay: 3 });
    expect(last.fire(moved.state, "check").effects).toEqual([p, q].map((to) => sent(to, replicate(2, 0, "old"))));
  });
});

test("handlers change no state that they are given", () => {
  const primary = drive("p");
  const { state } = primary.start();
  const before = encode(state);
  primary.get(state, write, client);
  primary.fire(state, "heartbeat");
  expect(encode(state)).toBe(before);
});
