import { expect, test } from "vitest";
import { type Document, Folder } from "./command-line.js";

const folder = new Folder();

interface Event {
  readonly id: number;
  readonly node: string;
  readonly kind: string;
  readonly text: string;
}

const ids = (events: unknown): number[] => (events as Event[]).map(({ id }) => id);

test("why of the paper's violation: exact, with its core, the one explanation, the graph and the causal past", async () => {
  const { code, document } = await folder.json(["why", "zardozbook/paper"]);

  expect(document).toMatchObject({ status: "exact", mode: "local", asked: "violation", count: 1, diverged: null });
  expect(document.outcome).toEqual({
    id: 30,
    node: "bob",
    kind: "deliver",
    text: 'bob gets page(posts: ["Bob is a big jerk!"]) from s3',
  });
  expect(ids(document.core)).toEqual(ids(document.smallest));
  expect(ids(document.causalPast).filter((id) => id > 0)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  const { questions, events, frontier } = document.graph as {
    readonly questions: readonly { readonly number: number; readonly status: string; readonly union: number[] }[];
    readonly events: readonly (Event & { readonly question: number | null })[];
    readonly frontier: readonly unknown[];
  };
  expect(frontier).toEqual([]);
  expect(new Set(questions.map(({ status }) => status))).toEqual(new Set(["exact"]));
  const known = new Set(events.map(({ id }) => id));
  expect(questions.flatMap(({ union }) => union).filter((id) => !known.has(id))).toEqual([]);
  expect(code).toBe(0);
});

test("it is told in sentences, as a diagram with stars, with why it is a violation, and how it was checked", async () => {
  const { stdout } = await folder.run(["why", "zardozbook/paper"]);

  expect(stdout).toMatch(
    /^exact, given the messages that were sent: 23 steps and 1 piece of initial data suffice, of 30 /m,
  );
  expect(stdout).toMatch(
    /^Without any of these it does not come about\n {4}0 {2}database takes in initial data: insert/m,
  );
  expect(stdout).toMatch(/^ {3}14\* .*database gets transaction/m);
  expect(stdout).toMatch(/^ {4}4 {2}.*s1-cache gets srem/m);
  expect(stdout).toMatch(/^Why it is a violation\n {4}6 .*unfriended.*\n {3}10 .*post.*\n {3}30 .*page/m);
  expect(stdout).toMatch(/^Checked: in \d+ runs without some of what it leaves out it came about all the same\.$/m);
});

test("the state of a node, the answer to an operation and the absence of one are outcomes too", async () => {
  const state = (await folder.json(["why", "zardozbook/paper", "s3#4"])).document;
  const answer = (await folder.json(["why", "zardozbook/paper", "ava:0"])).document;
  const absence = await folder.json(["why", "zardozbook/paper", "ava:1"]);

  expect(state).toMatchObject({ status: "exact", asked: "state", outcome: { id: 25 } });
  expect(answer).toMatchObject({ status: "exact", asked: "event", outcome: { id: 6 } });
  // The cache said that one friend was removed: it had Bob from its initial data.
  expect(ids(answer.smallest)).toEqual([-6, 1, 2, 3, 4, 5, 6]);
  // Nothing kept it from being answered: s2 waits for its cache.
  expect(absence.document).toMatchObject({ status: "exact", asked: "no-answer", core: [], smallest: [], count: 1 });
  expect(absence.document.ends).toEqual([
    expect.objectContaining({ kind: "in-flight", event: expect.objectContaining({ id: 12 }) as unknown }),
    expect.objectContaining({ kind: "in-flight", event: expect.objectContaining({ id: 14 }) as unknown }),
  ]);
});

test("with a small budget an explanation is partial rather than none", async () => {
  const { code, document } = await folder.json(["why", "zardozbook/paper", "--budget", "1"]);

  expect(["partial", "slice-only"]).toContain(document.status);
  expect(document.count).toBeNull();
  expect(code).toBe(0);
});

test("in global mode no message is taken for granted, and rules beside nodes can be checked or believed", async () => {
  const global = (await folder.json(["why", "zardozbook/paper", "--mode", "global"])).document;
  const checked = (await folder.json(["why", "zardozbook/paper", "--specifications", "check"])).document;
  const trusted = (await folder.json(["why", "zardozbook/paper", "--specifications", "trust"])).document;

  expect(global).toMatchObject({ status: "exact", mode: "global", count: 1 });
  expect(checked).toMatchObject({ status: "exact", smallest: global.smallest });
  expect(checked.rules).toMatchObject([
    { id: 11, verdict: "agrees" },
    { id: 24, verdict: "agrees" },
  ]);
  expect(trusted).toMatchObject({ status: "partial", smallest: global.smallest, count: null });
});

test("an event is named by its number, by its place on its node, and by its operation", async () => {
  const outcomes: Document[] = [];
  for (const name of ["12", "s2#1", "ava:0", "bob#1"]) {
    outcomes.push((await folder.json(["why", "zardozbook/paper", name])).document.outcome as Document);
  }

  expect(outcomes.map(({ id }) => id)).toEqual([12, 12, 6, 23]);
});

test("what is not in the past of an event is left out of it", async () => {
  const { document } = await folder.json(["why", "zardozbook/paper", "9"]);

  expect((document.causalPast as Event[]).filter(({ id }) => id > 0).map(({ id }) => id)).toEqual([
    1, 2, 3, 4, 5, 7, 8, 9,
  ]);
});

test.each([
  ["99", /There is no event 99: the run has events 1 to 30/],
  ["s2", /"s2" is ambiguous: s2 has \d+ events\. Name one of them:\n.*\n\s+12 {2}s2 gets forwarded/s],
  ["s2#99", /There is no event s2#99\. s2 has these:/],
  ["ava:7", /There is no operation ava:7\. ava has these events:/],
  ["avva:0", /"avva" names no event.*did you mean ava\?/],
])("the event %s is refused, with what it may have meant", async (name, message) => {
  const { code, stderr } = await folder.run(["why", "zardozbook/paper", name]);

  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
