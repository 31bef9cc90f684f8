import { List } from "immutable";
import { expect, test } from "vitest";
import { type Effect, send, setTimer } from "../../sim/effect.js";
import type { LinkOrder } from "../../sim/network.js";
import { type AnyNode, become } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { run } from "../../sim/run.js";
import { rounds } from "../../sim/strategy/rounds.js";
import { timed } from "../../sim/strategy/timed.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { inOrder, operation } from "../../sim/workload.js";
import { systemOf } from "./following.js";

const [b, c, d] = [nodeId("b"), nodeId("c"), nodeId("d")];

function hearing(...effects: readonly Effect[]): AnyNode {
  return {
    role: "node",
    start: () => become(List<number>(), ...effects),
    onMessage: { say: (state: List<number>, message: { readonly body: number }) => become(state.push(message.body)) },
    onTimer: { tick: (state: List<number>) => become(state.push(-1)) },
  } as unknown as AnyNode;
}

const say = (to: ReturnType<typeof nodeId>, body: number): Effect => send(to, { kind: "say", body } as never);

function timesAt(system: System, seed: number, name: string): number[] {
  const trace = run(system, timed(seed), { maxSteps: 1000, trace: "events" }).trace as Trace;
  return Array.from({ length: trace.length }, (_, i) => i)
    .filter((event) => String(trace.participant(event)) === name && trace.kind(event) !== "start")
    .map((event) => trace.times.get(event));
}

test("a draw that is added for one link, client or fault moves nothing on another link", () => {
  const system = (more: readonly Effect[], clients: boolean, crash: number) =>
    systemOf({
      nodes: {
        a: hearing(say(b, 1), say(b, 2), say(b, 3)),
        b: hearing(),
        c: hearing(say(d, 1), ...more),
        d: hearing(),
      },
      workload: clients ? { e: inOrder(operation(c, { kind: "say", body: 9 } as never)) } : {},
      faults: { partition: crash },
      partitions: [{ name: "none", cuts: [] }],
    });
  for (let seed = 0; seed < 20; seed += 1) {
    const alone = timesAt(system([], false, 0), seed, "b");
    expect(alone).toHaveLength(3);
    expect(timesAt(system([say(d, 2), say(d, 3)], false, 0), seed, "b")).toEqual(alone);
    expect(timesAt(system([], true, 0), seed, "b")).toEqual(alone);
    expect(timesAt(system([], false, 2), seed, "b")).toEqual(alone);
  }
});

test("latencies, think times and delays lie within their ranges", () => {
  const system = systemOf({
    nodes: { a: hearing(say(b, 1), setTimer("tick", 7)), b: hearing() },
    workload: { e: inOrder(operation(b, { kind: "say", body: 2 } as never)) },
    timing: { latency: [10, 12], think: [20, 21] },
  });
  for (let seed = 0; seed < 30; seed += 1) {
    const [first, second] = timesAt(system, seed, "b");
    expect([10, 11, 12]).toContain(first);
    expect([30, 31, 32, 33]).toContain(second);
    expect(timesAt(system, seed, "a")).toEqual([7]);
    expect([20, 21]).toContain(timesAt(system, seed, "e")[0]);
  }
});

test("virtual time may grow beyond 32 bits", () => {
  const system = systemOf({ nodes: { a: hearing(setTimer("tick", 5_000_000_000)) } });
  expect(timesAt(system, 1, "a")).toEqual([5_000_000_000]);
});

test.each<LinkOrder>(["fifo", "any"])("in rounds, every message of a link of order %s takes one round", (links) => {
  const heard = (last: Effect[]) =>
    systemOf({
      nodes: { a: hearing(say(b, 1), say(b, 2), say(b, 1)), b: hearing(...last) },
      links,
    });
  const system = heard([setTimer("tick", 2)]);
  const { world } = run(system, rounds(), { maxSteps: 6 });
  const state = (world.nodes[1] as { readonly state: List<number> }).state;
  expect(state.indexOf(-1)).toBe(3);
});

test("in rounds, a timer of a long delay is reached at once", () => {
  const system = systemOf({ nodes: { a: hearing(setTimer("tick", 3_000_000_000)) } });
  const { world, end } = run(system, rounds(), { maxSteps: 10 });
  expect([end, (world.nodes[0] as { readonly state: List<number> }).state.toArray()]).toEqual(["quiescent", [-1]]);
});
