import { describe, expect, test } from "vitest";
import { beat, heartbeatSender, HeartbeatState, startBeating } from "../../nodes/heartbeat.js";
import { become, defineNode } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { always, sometimes } from "../../sim/property.js";
import type { View } from "../../sim/view.js";
import { contextOf } from "./context.js";
import { searchAll } from "./search-all.js";

const [a, b] = [nodeId("a"), nodeId("b")];
const timer = { kind: "set-timer", timer: "heartbeat", delay: 5 };
const heartbeatTo = (to: typeof a, load: number): unknown => ({
  kind: "send",
  to,
  message: { kind: "heartbeat", load },
});

describe("the helper", () => {
  test("beating starts with the timer, unless the budget is spent", () => {
    expect(startBeating(5, 2)).toEqual([timer]);
    expect(startBeating(5, "any")).toEqual([timer]);
    expect(startBeating(5, 0)).toEqual([]);
  });

  test("a beat goes to each receiver, takes one from the budget, and sets the timer again", () => {
    expect(beat(2, { delay: 5, load: 7, to: [a, b] })).toEqual({
      left: 1,
      effects: [heartbeatTo(a, 7), heartbeatTo(b, 7), timer],
    });
  });

  test("the last beat does not set the timer", () => {
    expect(beat(1, { delay: 5, load: 7, to: [a] })).toEqual({ left: 0, effects: [heartbeatTo(a, 7)] });
  });

  test("a budget of any is never counted down", () => {
    expect(beat("any", { delay: 5, load: 7, to: [] })).toEqual({ left: "any", effects: [timer] });
  });
});

describe("the node", () => {
  test("it sends the load that it was told last", () => {
    const node = heartbeatSender({ to: (context) => context.peers, delay: 5, beats: 2, load: 1 });
    const context = contextOf("heartbeat", ["a", "b"], "a");
    const started = node.start(context);
    const told = node.onMessage.load(started.state, { kind: "load", load: 9 }, { node: b }, context);
    const beaten = node.onTimer?.["heartbeat"]?.(told.state, context);

    expect(started).toEqual({ state: new HeartbeatState({ beats: 2, load: 1 }), effects: [timer] });
    expect(beaten).toEqual({
      state: new HeartbeatState({ beats: 1, load: 9 }),
      effects: [heartbeatTo(b, 9), timer],
    });
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("a budget of %d is refused", (beats) => {
    expect(() => heartbeatSender({ to: () => [], delay: 1, beats })).toThrow(
      `The budget "beats" is ${beats}; give a whole number, 0 or more, or "any".`,
    );
  });

  test("in every order, as many heartbeats arrive as the budget allows, and no more", () => {
    const heard = (view: View): number => view.node<number>(nodeId("sink")).state;
    const verdict = searchAll({
      nodes: {
        sender: heartbeatSender({ to: () => [nodeId("sink")], delay: 1, beats: 3 }),
        sink: defineNode<number, { readonly kind: "heartbeat" }>({
          role: "sink",
          start: () => become(0),
          onMessage: { heartbeat: (count) => become(count + 1) },
        }),
      },
      properties: [
        always("no more than the budget", (view) => heard(view) <= 3 || `${heard(view)} heartbeats arrived`),
        sometimes("the whole budget arrives", (view) => heard(view) === 3),
      ],
    });

    // sent 0 to 3, of them arrived 0 to as many as were sent: 1 + 2 + 3 + 4 states
    expect(verdict).toMatchObject({ kind: "holds", coverage: { complete: true, states: 10, neverReached: [] } });
  });
});
