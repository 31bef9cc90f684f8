import { lamportClock } from "../observe/lamport-clock.js";
import type { Bag } from "../sim/baggage.js";
import { compile } from "../sim/compile.js";
import { send } from "../sim/effect.js";
import { become, defineNode } from "../sim/node.js";
import { run, type RunOptions } from "../sim/run.js";
import { defineScenario } from "../sim/scenario.js";
import { timed } from "../sim/strategy/timed.js";
import { median, table } from "./table.js";

const nodes = 16;
const inFlight = 10_000;
const maxSteps = 300_000;
const rounds = 21;

/**
 * Simulated events per CPU second on a 16-node gossip with 10,000 messages in flight: without a trace, and with the trace
 * on and the Lamport clock installed, in turn.
 */
export async function bench(): Promise<void> {
  const system = compile(endlessGossip);
  const variants: readonly [string, Partial<RunOptions>][] = [
    ["no trace", {}],
    ["trace", { trace: "events" }],
    ["trace and Lamport clock", { trace: "events", bags: [lamportClock] }],
  ];
  const seconds = variants.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    variants.forEach(([, options], i) => {
      const before = process.cpuUsage();
      const { trace } = run(system, timed(round), { maxSteps, ...options });
      // Asking for a bag's last value works out all of them.
      for (const bag of options.bags ?? []) trace?.bagAt(bag as Bag<unknown>, trace.length - 1);
      const { user, system: kernel } = process.cpuUsage(before);
      if (round > 0) seconds[i]?.push((user + kernel) / 1e6);
    });
  }
  const base = median(seconds[0] ?? []);
  table(
    ["16-node gossip, 10,000 messages in flight", "events/CPU s", "ns/event", "times the first"],
    variants.map(([name], i) => {
      const middle = median(seconds[i] ?? []);
      return [
        name,
        Math.round(maxSteps / middle).toLocaleString("en"),
        String(Math.round((middle / maxSteps) * 1e9)),
        (middle / base).toFixed(2),
      ];
    }),
  );
}

type Rumour = { readonly kind: "rumour"; readonly rumour: number };

const gossiper = defineNode<number, Rumour>({
  role: "gossiper",
  start: (context) =>
    become(
      0,
      ...Array.from({ length: inFlight / nodes }, (_, i) =>
        send<Rumour>(context.peers[i % (nodes - 1)] as never, { kind: "rumour", rumour: i }),
      ),
    ),
  onMessage: {
    rumour: (heard, message, _from, context) => {
      const peer = context.peers[(heard * 7 + message.rumour) % (nodes - 1)];
      return become(
        (heard + 1) % 1000,
        ...(peer === undefined ? [] : [send<Rumour>(peer, { kind: "rumour", rumour: message.rumour })]),
      );
    },
  },
});

const endlessGossip = defineScenario({
  name: "endless-gossip",
  about: "Every rumour that arrives is told on.",
  scope: "Endless.",
  define: () => ({
    nodes: Object.fromEntries(Array.from({ length: nodes }, (_, i) => [`g${i + 1}`, gossiper])),
    properties: [],
  }),
});
