import { expect, test } from "vitest";
import { checkClosure } from "../../../checker/explain/closure.js";
import { RunMachines } from "../../../checker/explain/run-machines.js";
import { targetOf } from "../../../checker/explain/targets.js";
import { register } from "../../../scenarios/register.js";
import { compile } from "../../../sim/compile.js";
import { recordScript } from "./recorded.js";

const run = recordScript(compile(register, { parameters: { clients: 1 } }), ["invoke", "deliver", "deliver"]);
const { trace } = run;
const machines = RunMachines.of(trace);
const last = trace.length - 1;
const target = targetOf(machines, { kind: "event", event: last });
const all = Array.from({ length: trace.length }, (_, event) => event);

test("where nothing is left out nothing is run again", () => {
  expect(checkClosure(machines, target, all, 24)).toEqual({ runs: 0, counterexample: null });
});

test("no set of events is left out twice", () => {
  const others = [last - 2, last - 1];
  const kept = all.filter((event) => !others.includes(event));

  // Both, and each by itself, were they needless; but the answer hangs on them.
  expect(checkClosure(machines, target, kept, 24)).toEqual({ runs: 1, counterexample: others });
  expect(checkClosure(machines, { roots: [], events: [] }, kept, 24)).toEqual({ runs: 3, counterexample: null });
});
