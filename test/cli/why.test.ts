import { expect, test } from "vitest";
import { type Document, Folder } from "./command-line.js";

const folder = new Folder();

interface Event {
  readonly id: number;
  readonly node: string;
  readonly kind: string;
  readonly text: string;
}

test("why of the paper's violation is a slice of all that happened before, with its longest chain", async () => {
  const { code, document } = await folder.json(["why", "zardozbook/paper"]);

  expect(document).toMatchObject({ status: "slice-only", core: null, smallest: null, count: null });
  expect(document.outcome).toEqual({
    id: 30,
    node: "bob",
    kind: "deliver",
    text: 'bob gets page(posts: ["Bob is a big jerk!"]) from s3',
  });
  const past = (document.causalPast as Event[]).map(({ id }) => id);
  expect(past.filter((id) => id > 0)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  const { edges } = document.graph as { readonly edges: readonly { readonly from: number; readonly to: number }[] };
  expect(edges.every(({ from, to }) => from < to && past.includes(from) && past.includes(to))).toBe(true);
  expect(code).toBe(0);
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
