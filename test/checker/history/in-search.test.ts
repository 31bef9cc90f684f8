import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consistencyNames } from "../../../checker/history/consistency.js";
import type { ClientOperations } from "../../../checker/history/in-search/client-operations.js";
import { linearizabilityMonitor } from "../../../checker/history/in-search/linearizability-monitor.js";
import { historyOfSessions, sessionMonitor } from "../../../checker/history/in-search/session-monitor.js";
import { judgeConsistency } from "../../../checker/history/consistency.js";
import { modelNames, modelOf } from "../../../checker/history/models/models.js";
import { eventsOf, type History, historyOf } from "../../../checker/history/operation.js";
import type { Message } from "../../../sim/message.js";
import type { Observation } from "../../../sim/monitor.js";
import { nodeId } from "../../../sim/node-id.js";
import { encode, type Value } from "../../../sim/value.js";
import { holdsByBruteForce } from "./oracle.js";
import { randomHistory } from "./random-history.js";

const seed = 20_261_124;
const server = nodeId("server");

interface Asking extends Message {
  readonly f: string;
  readonly key: Value;
  readonly value: Value;
}

/** The history as the kernel would show it to a monitor. */
function observationsOf(history: History): readonly Observation[] {
  const open = new Map<string, Asking>();
  const counts = new Map<string, number>();
  return eventsOf(history).flatMap(({ process, type, f, key, value }): Observation[] => {
    const client = nodeId(`client${process}`);
    const asked = open.get(process) ?? { kind: f, f, key, value };
    const index = counts.get(process) ?? 0;
    if (type === "invoke") {
      const request: Asking = { kind: f, f, key, value };
      open.set(process, request);
      return [{ kind: "invoke", client, index, to: server, request }];
    }
    open.delete(process);
    counts.set(process, index + 1);
    if (type === "info") return [{ kind: "give-up", client, index, request: asked }];
    const reply = { kind: "reply", answer: value } as Message;
    return [{ kind: "return", client, index, from: server, request: asked, reply }];
  });
}

/** Without operations that failed, which the kernel does not know. */
function withoutFailed(history: History): History {
  return historyOf(eventsOf(history.filter(({ outcome }) => outcome !== "fail")));
}

describe.each(modelNames)(`in the search, on random histories of a %s (seed ${seed})`, (name) => {
  const specification = modelOf(name);
  const operations: ClientOperations = {
    specification,
    asked: (request) => request as Asking,
    answer: (reply) => (reply as Message & { readonly answer: Value }).answer,
  };

  test("linearizability, followed step by step, is violated when all orders say so of what has happened", () => {
    const monitor = linearizabilityMonitor("linearizable", operations);
    const counts = { holds: 0, violated: 0 };
    fc.assert(
      fc.property(randomHistory(name, 5), (recorded) => {
        const history = withoutFailed(recorded);
        const events = eventsOf(history);
        let progress = monitor.start;
        observationsOf(history).forEach((observation, i) => {
          progress = monitor.on(progress, observation);
          if (observation.kind !== "return") return;
          const expected = holdsByBruteForce(historyOf(events.slice(0, i + 1)), specification, "linearizable");
          if ((progress.violation === null) !== expected) throw new Error(`after event ${i}: ${progress.violation}`);
        });
        counts[progress.violation === null ? "holds" : "violated"] += 1;
      }),
      { seed, numRuns: 1_500 },
    );
    expect(Math.min(counts.holds, counts.violated)).toBeGreaterThan(50);
  });

  test("what is kept of sessions gives the same verdict as the whole history, for every weaker model", () => {
    const monitor = sessionMonitor("sessions", operations);
    fc.assert(
      fc.property(randomHistory(name, 5), (recorded) => {
        const history = withoutFailed(recorded);
        const sessions = observationsOf(history).reduce((value, event) => monitor.on(value, event), monitor.start);
        const kept = historyOfSessions(sessions).map((operation) => ({
          ...operation,
          process: operation.process.replace("client", ""),
        }));
        for (const model of consistencyNames) {
          // Real time is what linearizability and convergence need, and what is not kept.
          if (model === "linearizable" || model === "eventual") continue;
          const whole = judgeConsistency(history, specification, model).kind;
          if (judgeConsistency(kept, specification, model).kind !== whole) throw new Error(`${model}: ${whole}`);
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});

test("runs that differ in what has returned, and not in what can be, are one world", () => {
  const specification = modelOf("register");
  const monitor = linearizabilityMonitor("linearizable", {
    specification,
    asked: (request) => request as Asking,
    answer: (reply) => (reply as Message & { readonly answer: Value }).answer,
  });
  const after = (...steps: readonly (readonly [f: string, value: Value, answer: Value])[]): string => {
    const client = nodeId("ann");
    const end = steps.reduce((value, [f, argument, answer], index) => {
      const request: Asking = { kind: f, f, key: null, value: argument };
      const invoked = monitor.on(value, { kind: "invoke", client, index, to: server, request });
      return monitor.on(invoked, {
        kind: "return",
        client,
        index,
        from: server,
        request,
        reply: { kind: "reply", answer } as Message,
      });
    }, monitor.start);
    return encode(end);
  };

  expect(after(["write", 1, null], ["write", 2, null], ["read", null, 2])).toBe(after(["write", 2, null]));
  expect(after(["write", 1, null])).not.toBe(after(["write", 2, null]));
});
