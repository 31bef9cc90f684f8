import { beforeAll, describe, expect, test } from "vitest";
import { historyModelNames } from "../../checker/history/judge-history.js";
import { reductionNames } from "../../checker/search/reduce/preserved.js";
import { searchStrategies } from "../../checker/search/start.js";
import { bundled } from "../../scenarios/bundled.js";
import { Folder } from "../cli/command-line.js";
import { type CommandName, documentOf, type DocumentOf } from "./documents.js";
import { usersScenario } from "./users-scenario.js";

/** A scenario that every command has to work on. */
interface Subject {
  /** As it is typed. */
  readonly scenario: string;
  readonly states: number | null;
  /** A scope small enough for every strategy; the default one unless given. */
  readonly small?: readonly string[];
  /** Parameters with which a property is violated. */
  readonly broken?: readonly string[];
  /** The violation is one that a few hundred simulated runs do not show. */
  readonly isRare?: boolean;
}

const choices: { readonly [name: string]: Pick<Subject, "small" | "broken" | "isRare"> } = {
  zardozbook: { small: ["stores=folded", "beats=0", "fix=sticky"], broken: ["stores=folded", "reads=3"] },
  "two-phase-commit": { small: ["rms=2"] },
  paxos: { small: ["acceptors=2"], broken: ["promise=off"] },
  raft: { small: ["terms=1"], broken: ["terms=1", "entries=0", "bug=forgets-vote"], isRare: true },
  abd: { broken: ["servers=3", "onlyWriters=1", "reads=2", "writeBack=false"], isRare: true },
  ring: { broken: ["forward-smaller=true"] },
};

const subjects: readonly Subject[] = [
  ...bundled.map(({ scenario: { name }, states }) => ({ scenario: name, states, ...choices[name] })),
  { scenario: "./lagging.ts", states: null, small: ["waits=true"], broken: ["waits=false"] },
  { scenario: "lock.ts", states: null, small: ["fencing=true"], broken: ["fencing=false"] },
];

const folder = new Folder();

beforeAll(async () => {
  folder.write("lagging.ts", usersScenario);
  await answer("init", "lock");
});

/** Runs a command with `--json`, which must not refuse it. */
async function answer<Name extends CommandName>(command: Name, ...args: readonly string[]): Promise<DocumentOf<Name>> {
  return documentOf(command, await folder.run([command, ...args, "--json"]));
}

/** Checks, or gives the sentence with which it is refused. */
async function checkOrRefusal(...args: readonly string[]): Promise<DocumentOf<"check"> | string> {
  const ended = await folder.run(["check", ...args, "--json"]);
  if (ended.code !== 2) return documentOf("check", ended);
  expect(ended).toMatchObject({ stdout: "", stderr: expect.stringMatching(/^.{50,}\.\n$/m) as string });
  return ended.stderr;
}

const given = (parameters: readonly string[] = []): string[] => parameters.flatMap((one) => ["--param", one]);

test("list names every bundled scenario and schedule", async () => {
  const { scenarios, schedules } = await answer("list");

  expect(scenarios.map(({ name }) => name)).toEqual(bundled.map(({ scenario }) => scenario.name));
  expect(schedules).toEqual(["zardozbook/paper"]);
});

describe.each(subjects)("$scenario", ({ scenario, states, small, broken, isRare }) => {
  const name = scenario.replace(/^\.\/|\.ts$/g, "");
  const [plain, found, seen] = [`${name}.plain.json`, `${name}.found.json`, `${name}.seen.json`];
  const scope = [scenario, ...given(small)];

  test("run simulates it, twice alike, and leaves a run that replays with the same events", async () => {
    const line = [...scope, "--runs", "3", "--out", plain, "--trace", `${name}.jsonl`];
    const [one, other] = [await answer("run", ...line), await answer("run", ...line)];
    const replayed = await answer("replay", plain, "--trace", `${name}.again.jsonl`);

    expect(one).toMatchObject({ runs: 3, seed: 1, verdict: "unknown", schedule: plain });
    expect({ ...other, measured: null }).toEqual({ ...one, measured: null });
    expect(replayed).toMatchObject({ verdict: "unknown", diverged: null, steps: one.steps });
    expect(eventsIn(`${name}.again.jsonl`)).toEqual(eventsIn(`${name}.jsonl`));
  });

  test("replay walks through it", async () => {
    const { code, stdout } = await folder.run(["replay", plain, "--step"]);

    const ids = eventsIn(`${name}.jsonl`).map(({ id }) => String(id));
    expect([...stdout.matchAll(/^(\d+)\/(\d+) {2}\w/gm)].map(([, step]) => step)).toEqual(ids);
    expect(code).toBe(0);
  });

  test("check searches it", async () => {
    // The largest are searched in `npm run soak`.
    const line = states === null || states > 200_000 ? scope : [scenario];
    const checked = await answer("check", ...line);

    expect(checked).toMatchObject({ verdict: "holds", complete: true, neverReached: [], schedule: null });
    if (line.length === 1) expect(checked.states).toBe(states);
  });

  test.each(searchStrategies)("check searches it with --strategy %s, or says why not", async (strategy) => {
    const isWalk = ["random", "pct", "swarm"].includes(strategy);
    const checked = await checkOrRefusal(...scope, "--strategy", strategy, ...(isWalk ? ["--runs", "20"] : []));

    if (typeof checked === "string")
      expect([strategy, checked]).toEqual(["best-first", expect.stringContaining("no score")]);
    else if (isWalk) expect(checked).toMatchObject({ verdict: "unknown", limit: "runs", runs: 20 });
    else if (strategy === "delay-bounded") expect(["holds", "unknown"]).toContain(checked.verdict);
    else expect(checked).toMatchObject({ verdict: "holds", complete: true, states: await statesOf(scope) });
  });

  test("check searches it with two workers as with one", async () => {
    const [one, two] = [
      documentOf("check", await folder.run(["check", ...scope, "--json"])),
      documentOf("check", await folder.spawn(["check", ...scope, "--workers", "2", "--json"])),
    ];

    expect({ ...two, measured: null }).toEqual({ ...one, measured: null });
  });

  test.each(reductionNames)("check searches it with --reduce %s and audits it, or says why not", async (reduce) => {
    const audit = reduce === "none" ? [] : ["--audit"];
    const checked = await checkOrRefusal(...scope, "--reduce", reduce, ...audit);
    if (typeof checked === "string") return expect(reduce).not.toBe("none");

    expect(checked).toMatchObject({ verdict: "holds", complete: true, reduce });
    expect(checked.states).toBeLessThanOrEqual(await statesOf(scope));
  });

  test("why explains its end, an event, the state of a node, an answer, and writes that for SQL", async () => {
    for (const event of outcomesIn(`${name}.jsonl`)) {
      const why = await answer("why", plain, ...event, "--sql", `${name}.db`);
      const past = new Set(why.causalPast.map(({ id }) => id));

      expect(past.has(why.outcome.id)).toBe(true);
      expect([...(why.core ?? []), ...(why.smallest ?? [])].filter(({ id }) => !past.has(id))).toEqual([]);
      expect(why.count === null, why.status).toBe(why.status !== "exact");
    }
    expect(folder.read(`${name}.db`)).toMatch(/^SQLite format 3/);
  });

  test("why-not explains what its first event did or did not change", async () => {
    const last = eventsIn(`${name}.jsonl`).at(-1)?.id;
    const told = await answer("why-not", plain, "1", "--outcome", String(last), "--max-states", "200");

    expect(told).toMatchObject({ event: { id: 1 }, outcome: { id: last }, property: null });
    expect(told.nonInfluence.isInfluenced).toBe(told.nonInfluence.chain.length > 0);
  });

  test("history judges what its clients saw, where it says which object they use", async () => {
    const { histories } = await answer("replay", plain);
    const written = await folder.run(["replay", plain, "--history", `${name}.history`]);
    const [only] = histories;
    if (only === undefined) {
      expect(written).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^--history needs a scenario/) as string,
      });
      return;
    }
    expect(written.code).toBe(0);
    const model = historyModelNames.find((one) => one === only.object);
    if (model === undefined) return;
    const judged = await answer("history", `${name}.history`, "--model", model);

    expect(judged).toMatchObject({ operations: only.operations, verdict: "holds" });
  });

  describe.runIf(broken !== undefined)("where it is broken", () => {
    const line = [scenario, ...given(broken), "--out"];

    test("check finds a violation, which replay shows and why and why-not explain", async () => {
      const { property, detail, steps, ...checked } = await answer("check", ...line, found);
      const replayed = await answer("replay", found);
      const why = await answer("why", found);
      const whyNot = await answer("why-not", found, "1", "--max-states", "200");

      expect(checked).toMatchObject({ verdict: "violated", complete: false, schedule: found });
      expect(replayed).toMatchObject({ verdict: "violated", property, detail, steps, diverged: null });
      expect(why.outcome.id).toBe(steps);
      expect(whyNot).toMatchObject({ property, detail, outcome: { id: steps } });
    });

    test.skipIf(isRare)("run finds one, and replay shows it", async () => {
      const { property, steps, ...run } = await answer("run", ...line, seen, "--runs", "300");
      const replayed = await answer("replay", seen);

      expect(run).toMatchObject({ verdict: "violated", schedule: seen });
      expect(replayed).toMatchObject({ verdict: "violated", property, steps, diverged: null });
    });
  });
});

const searched = new Map<string, Promise<number>>();

/** How many states a plain search finds. */
function statesOf(scope: readonly string[]): Promise<number> {
  const key = scope.join(" ");
  const known = searched.get(key) ?? answer("check", ...scope).then(({ states }) => states);
  searched.set(key, known);
  return known;
}

interface WrittenEvent {
  readonly id: number;
  readonly node: string;
  readonly kind: string;
}

/** The events of a trace that was written, its starts and initial data left out; without their times. */
function eventsIn(file: string): readonly WrittenEvent[] {
  const [, ...lines] = folder.read(file).trimEnd().split("\n");
  return lines.map((line) => ({ ...(JSON.parse(line) as WrittenEvent), time: null })).filter(({ id }) => id > 0);
}

/** What may be asked about a run: its end, the state of the node of its last event, an event in between, and a client's reply. */
function outcomesIn(file: string): readonly (readonly string[])[] {
  const events = eventsIn(file);
  const client = events.find(({ kind }) => kind === "invoke")?.node;
  const node = events.findLast(({ kind, node: at }) => kind === "deliver" && at !== client)?.node;
  const half = events[Math.floor(events.length / 2)]?.id;
  return [
    [],
    [String(half)],
    ...(node === undefined ? [] : [[`${node}#1`]]),
    ...(client === undefined ? [] : [[`${client}:0`]]),
  ];
}
