import { expect, test } from "vitest";
import { raft } from "../../scenarios/raft.js";
import { compile } from "../../sim/compile.js";
import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import { visitAll } from "./brute-force.js";
import { initialRaft, raftSteps } from "./raft-model.js";
import { searched } from "./searched.js";

const noCrash = { crash: 0, recover: 0 };

// The hand-written model gives the larger counts too: 152,778 states and 2,852,628 transitions in one CPU minute, and of the
// default scope 934,365 and 18,315,507 in seven (told apart there by 96 bits of SHA-1).
test.each([
  { servers: 3, terms: 1, entries: 1, crashes: 0, recoveries: 0, states: 1_523 },
  { servers: 3, terms: 1, entries: 1, crashes: 1, recoveries: 1, states: 7_168 },
  { servers: 3, terms: 2, entries: 0, crashes: 0, recoveries: 0, states: 3_594 },
  { servers: 2, terms: 2, entries: 2, crashes: 0, recoveries: 0, states: 1_213 },
])(
  "Raft written out by hand has as many states as the scenario: %o",
  ({ servers, terms, entries, crashes, recoveries, states }) => {
    const scope = { servers, terms, entries, crashes, recoveries };
    const visit = visitAll(initialRaft(scope), (state) => raftSteps(state, scope));

    const faults = { crash: crashes, recover: recoveries };
    const verdict = searched(raft, { parameters: { servers, terms, entries }, faults });
    expect(verdict).toMatchObject({ kind: "holds", coverage: visit });
    expect(visit.states).toBe(states);
  },
);

test("two terms and an entry without crashes have 152,778 states, every handler runs and every aim is reached", () => {
  const verdict = searched(raft, { faults: noCrash });

  const coverage = {
    states: 152_778,
    transitions: 2_852_628,
    depth: 22,
    neverReached: [],
    neverRun: ["server.recover"],
  };
  expect(verdict).toMatchObject({ kind: "holds", coverage });
});

test("from an empty log, too, a follower that skips the check ends with a log that does not match", () => {
  const verdict = searched(raft, { parameters: { entries: 2, bug: "skips-log-check" }, faults: noCrash });

  const property = "logs with an entry of one term at one position agree up to there";
  expect(verdict).toMatchObject({ kind: "violated", witness: { property } });
});

test.each([
  [
    "forgets-vote",
    { parameters: { terms: 1, entries: 0 } },
    // A stands, B votes, A leads; B crashes and recovers; C stands, B votes, C leads.
    { property: "no term has two leaders", step: 8 },
  ],
  [
    "commits-earlier-term",
    { parameters: { terms: 4, begin: "figure-8" }, faults: noCrash },
    { property: "the leaders of later terms have what was committed" },
  ],
  [
    "skips-log-check",
    { parameters: { terms: 3, entries: 2, begin: "figure-8" }, faults: noCrash },
    { property: "logs with an entry of one term at one position agree up to there" },
  ],
] as const)("the planted bug %s is found", (bug, { parameters, ...rest }, witness) => {
  expect(searched(raft, { parameters: { ...parameters, bug }, ...rest })).toMatchObject({ kind: "violated", witness });
  expect(searched(raft, { parameters: { ...parameters, bug: "none" }, ...rest })).not.toMatchObject({
    kind: "violated",
  });
});

test("two leaders of a term are named in one order, whichever was elected first", () => {
  const parameters = { terms: 1, entries: 0, bug: "forgets-vote" };
  const verdict = searched(raft, { parameters });
  if (verdict.kind !== "violated") throw new Error("The planted bug was not found.");
  const { choices, detail } = verdict.witness;
  const [, one = "", other = ""] = /^(s\d) and (s\d) were elected in term 1$/.exec(detail) ?? [];

  const exchanged = choices.map((choice) =>
    choice.replaceAll(new RegExp(`${one}|${other}`, "g"), (server) => (server === one ? other : one)),
  );
  const replayed = run(compile(raft, { parameters }), replaying(exchanged), { maxSteps: exchanged.length });

  expect(exchanged).not.toEqual(choices);
  expect(replayed.violation?.detail).toBe(detail);
});
