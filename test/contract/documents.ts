import { expect } from "vitest";
import { z } from "zod";
import type { Ended } from "../cli/command-line.js";

const text = z.string();
const count = z.int().min(0);
const names = z.array(text);
const settings = z.record(text, z.union([text, z.number(), z.boolean()]));
const faults = z.record(text, z.union([count, z.literal("any")]));
const event = z.looseObject({ id: z.int(), node: text, kind: text, text });
const events = z.array(event);
const status = z.enum(["exact", "partial", "slice-only"]);
const clientsHistory = z.looseObject({ object: text, problem: text.nullable(), operations: count.nullable() });
const parameter = z.looseObject({ default: z.union([text, z.number(), z.boolean()]) });

/** What `run` and `check` say of what they have found. */
const found = {
  scenario: text,
  params: settings,
  faults,
  verdict: z.enum(["holds", "violated", "crashed", "unknown"]),
  limit: text.nullable(),
  property: text.nullable(),
  detail: text.nullable(),
  steps: count.nullable(),
  schedule: text.nullable(),
  histories: z.array(clientsHistory),
  neverReached: names,
};

/** The document of each command: what DESIGN.md, section 8, asks for. */
const documents = {
  list: z.looseObject({
    scenarios: z.array(
      z.looseObject({
        name: text,
        about: text,
        scope: text,
        parameters: z.record(text, parameter),
        states: count.nullable(),
      }),
    ),
    schedules: names,
  }),
  run: z.looseObject({
    ...found,
    seed: count,
    runs: count,
    violations: count,
    measured: z.looseObject({ seconds: z.number() }),
  }),
  check: z.looseObject({
    ...found,
    complete: z.boolean(),
    scope: text,
    states: count,
    transitions: count,
    depth: count.nullable(),
    measured: z.looseObject({
      seconds: z.number(),
      cpuSeconds: z.number(),
      peakBytes: count,
      baseBytes: count,
    }),
  }),
  replay: z.looseObject({
    scenario: text,
    verdict: z.enum(["violated", "crashed", "unknown"]),
    property: text.nullable(),
    detail: text.nullable(),
    steps: count,
    diverged: z.looseObject({ step: count, wanted: text, offered: names }).nullable(),
    histories: z.array(clientsHistory),
  }),
  why: z.looseObject({
    status,
    outcome: event,
    core: events.nullable(),
    smallest: events.nullable(),
    count: z.union([count, z.string().regex(/^\d+$/)]).nullable(),
    causalPast: events,
    graph: z.looseObject({}),
  }),
  "why-not": z.looseObject({
    scenario: text,
    event,
    outcome: event,
    property: text.nullable(),
    nonInfluence: z.looseObject({
      isInfluenced: z.boolean(),
      chain: z.array(z.int()),
      cuts: z.array(z.looseObject({})),
    }),
    nearest: z.looseObject({ status: z.enum(["found", "none", "unknown"]) }),
    forcing: z.looseObject({}),
    schedule: text.nullable(),
  }),
  history: z.looseObject({
    verdict: z.enum(["holds", "violated", "unknown"]),
    model: text,
    consistency: text,
    operations: count,
    culprits: z.array(z.unknown()).nullable(),
  }),
  init: z.looseObject({}),
};

export type CommandName = keyof typeof documents;

/** The document that a command printed with `--json`, whose fields and whose exit code are as they are written down to be. */
export function documentOf<Name extends CommandName>(command: Name, { code, stdout, stderr }: Ended): DocumentOf<Name> {
  expect(stdout, `${command}\n${stderr}`).toMatch(/^\{\n/);
  const document: unknown = JSON.parse(stdout);
  const parsed = documents[command].safeParse(document);
  expect(parsed.error?.issues ?? [], `${command}\n${stderr}`).toEqual([]);
  expect(code, `${command}\n${stderr}`).toBe(codeOf(command, document as { readonly verdict?: string }));
  for (const text of [stdout, stderr]) expect(text).not.toMatch(slips);
  return parsed.data as DocumentOf<Name>;
}

export type DocumentOf<Name extends CommandName> = z.infer<(typeof documents)[Name]>;

/** A value that slipped into a text, the place of a file on this machine, a stack. */
const slips = /\bundefined\b|\bNaN\b|\[object |Infinity|\/tmp\/|node_modules|bug of Hindcast|\bat file:/;

/** A run without a violation has decided nothing, and a replay without one has come to its end: both are fine. */
function codeOf(command: CommandName, { verdict }: { readonly verdict?: string }): number {
  switch (verdict) {
    case "violated":
      return 1;
    case "crashed":
      return 4;
    case "unknown":
      return command === "check" || command === "history" ? 3 : 0;
    default:
      return 0;
  }
}
