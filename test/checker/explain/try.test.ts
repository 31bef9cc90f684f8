import { test } from "vitest";
import { loadSchedule } from "../../../cli/load-schedule.js";
import { reExecute } from "../../../cli/re-execute.js";
import { endingOf, explainRun } from "../../../checker/explain/explain.js";
import { eventText, numberOfEvent } from "../../../report/event-text.js";

test("try", async () => {
  const { schedule, system } = await loadSchedule("zardozbook/paper");
  const run = reExecute(system, schedule.choices);
  const t = performance.now();
  const e = explainRun(run.trace, endingOf(run.trace, run));
  console.log(performance.now() - t, e.status, e.count, e.closure, e.violation, e.causalPast.length, e.core?.length);
  for (const ev of e.smallest ?? [])
    console.log(numberOfEvent(run.trace, ev), eventText(run.trace, ev), e.core?.includes(ev));
  console.log(e.responsibility);
});
