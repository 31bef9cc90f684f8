import fc from "fast-check";
import { List, Set } from "immutable";
import type { ModelName } from "../../../checker/history/models/models.js";
import { modelOf } from "../../../checker/history/models/models.js";
import { type History, type HistoryEvent, historyOf, type Request } from "../../../checker/history/operation.js";
import { overAllKeys } from "./oracle.js";
import type { Value } from "../../../sim/value.js";

/** Requests of each model over small domains, so that random histories are often, but not always, explainable. */
const requests: { readonly [name in ModelName]: readonly (readonly [string, Value, Value])[] } = {
  register: [
    ["write", null, 1],
    ["write", null, 2],
    ["read", null, null],
    ["read", null, null],
  ],
  "cas-register": [
    ["write", null, 1],
    ["read", null, null],
    ["read", null, null],
    ["cas", null, [1, 2]],
    ["cas", null, [2, 1]],
    ["cas", null, [null, 2]],
  ],
  "key-value": [
    ["put", "a", "1"],
    ["append", "a", "2"],
    ["put", "b", "1"],
    ["delete", "a", null],
    ["get", "a", null],
    ["get", "a", null],
    ["get", "b", null],
  ],
  set: [
    ["add", null, 1],
    ["add", null, 2],
    ["remove", null, 1],
    ["contains", null, 1],
    ["read", null, null],
  ],
  queue: [
    ["enqueue", null, 1],
    ["enqueue", null, 2],
    ["dequeue", null, null],
    ["dequeue", null, null],
  ],
  lock: [
    ["acquire", null, null],
    ["release", null, null],
  ],
  counter: [
    ["add", null, 1],
    ["add", null, 2],
    ["decrement", null, null],
    ["read", null, null],
    ["read", null, null],
  ],
};

const answers: { readonly [name in ModelName]: readonly Value[] } = {
  register: [null, 1, 2],
  "cas-register": [null, 1, 2],
  "key-value": ["", "1", "2", "12"],
  set: [[], [1], [2], [1, 2]],
  queue: [null, 1, 2],
  lock: [null],
  counter: [0, 1, 2, 3],
};

interface Draw {
  readonly process: number;
  readonly request: number;
  readonly outcome: number;
  readonly luck: number;
  readonly answer: number;
}

/**
 * Histories of up to `operationsMax` operations by three processes. Each step either completes what a process has open
 * or lets it invoke; most answers are those of one object that takes effect at the return.
 */
export function randomHistory(model: ModelName, operationsMax: number): fc.Arbitrary<History> {
  const draw = fc.record({
    process: fc.nat(2),
    request: fc.nat(99),
    outcome: fc.nat(9),
    luck: fc.nat(9),
    answer: fc.nat(99),
  });
  return fc
    .array(draw, { minLength: 1, maxLength: operationsMax * 2 })
    .map((draws) => build(model, draws, operationsMax));
}

function build(model: ModelName, draws: readonly Draw[], operationsMax: number): History {
  const specification = overAllKeys(modelOf(model));
  const events: HistoryEvent[] = [];
  const open = new Map<number, Request>();
  let state = specification.initial;
  let invoked = 0;
  for (const { process, request, outcome, luck, answer } of draws) {
    const pending = open.get(process);
    if (pending === undefined) {
      if (invoked === operationsMax) continue;
      const [f, key, value] = pick(requests[model], request);
      const asked = { process: String(process), f, key, value };
      invoked += 1;
      open.set(process, asked);
      events.push({ ...asked, type: "invoke" });
      continue;
    }
    open.delete(process);
    const type = outcome === 0 ? "fail" : outcome === 1 ? "info" : "ok";
    let output: Value = pick(answers[model], answer);
    if (type !== "fail") {
      const applied = specification.apply(state as never, pending);
      if (typeof applied !== "string" && (type === "ok" || luck > 4)) {
        state = applied.state;
        if (luck > 2 || pending.f === "contains") output = recorded(applied.output);
      }
    }
    if (pending.f === "cas") output = luck > 6;
    events.push({ ...pending, type, value: output });
  }
  return historyOf(events);
}

function recorded(output: Value): Value {
  return Set.isSet(output) || List.isList(output) ? [...(output as Set<Value>)] : (output ?? null);
}

function pick<T>(items: readonly T[], n: number): T {
  return items[n % items.length] as T;
}
