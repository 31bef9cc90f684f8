import { expect, test } from "vitest";
import { replica, type ReplicaOptions, type ReplicaRequest, type ReplicaState } from "../../nodes/replica.js";
import type { Operation } from "../../sim/choice.js";
import { defineMonitor } from "../../sim/monitor.js";
import { type NodeId, nodeId } from "../../sim/node-id.js";
import { always, sometimes } from "../../sim/property.js";
import type { SystemDefinition } from "../../sim/scenario.js";
import type { View } from "../../sim/view.js";
import { inOrder, operation } from "../../sim/workload.js";
import { searchAll } from "./search-all.js";

/**
 * What the clients know of the register. Writes are 1, 2, …, one after the other, so that larger is newer: `answered` is
 * the newest answered write; `floor` what was answered, and `seen` what was read, before the open read began.
 */
interface Known {
  readonly answered: number;
  readonly floor: number;
  readonly seen: number;
  readonly wrong: "" | "old" | "back";
}

const known = defineMonitor<Known>({
  name: "known",
  start: { answered: 0, floor: 0, seen: 0, wrong: "" },
  on: (now, event) => {
    if (event.kind === "invoke" && event.request.kind === "read") return { ...now, floor: now.answered };
    if (event.kind !== "return") return now;
    if (event.reply.kind === "ok") return { ...now, answered: (event.request as { value?: number }).value ?? 0 };
    if (event.reply.kind !== "value") return now;
    const value = (event.reply as { value?: number }).value ?? 0;
    const wrong = value < now.floor ? "old" : value < now.seen ? "back" : now.wrong;
    return { ...now, seen: value, wrong };
  },
});

const notOld = always(
  "no read is older than a write that was answered before it began",
  (view) => view.monitor(known).wrong !== "old" || "a read is older than an answered write",
  { monitors: [known] },
);
const neverBack = always(
  "reads never go back",
  (view) => view.monitor(known).wrong !== "back" || "a read is older than the read before it",
  { monitors: [known] },
);
const kept = always("every replica that may lead holds what was answered", keepsAnswered, { monitors: [known] });

function keepsAnswered(view: View): true | string {
  const replicas = view.nodes<ReplicaState>("replica").map((node, rank) => ({ ...node, rank }));
  const up = replicas.filter((node) => node.up);
  const newest = Math.max(...up.map((node) => node.state.view));
  const { answered } = view.monitor(known);
  const lost = up.find((node) => node.rank >= newest && (node.state.value as number) < answered);
  return lost === undefined || `write ${answered} was answered, and replica ${lost.rank} holds ${lost.state.value}`;
}

const leads = (view: View, rank: number): boolean => {
  const node = view.nodes<ReplicaState>("replica")[rank];
  return node?.up === true && node.state.view === rank;
};
const failover = sometimes("the backup leads after a crash, and answers a write", (view) => {
  const [former] = view.nodes("replica");
  return former?.up === false && leads(view, 1) && view.monitor(known).answered === 2;
});
const splitBrain = sometimes("two replicas lead at a time", (view) => leads(view, 0) && leads(view, 1));

const [p, q, r] = [nodeId("p"), nodeId("q"), nodeId("r")];
const ask = (to: NodeId, request: ReplicaRequest): Operation => operation(to, request);

interface Asked {
  /** Where the first client writes 1, 2, … */
  readonly writes: readonly NodeId[];
  /** Where the second client reads. */
  readonly reads: readonly NodeId[];
}

/** Replicas and two clients. */
function system(
  options: Omit<ReplicaOptions, "role" | "initial"> & { readonly replicas: readonly NodeId[] },
  { writes, reads }: Asked,
  rest: Pick<SystemDefinition, "properties" | "faults">,
): SystemDefinition {
  const node = replica({ ...options, role: "replica", initial: 0 });
  return {
    nodes: Object.fromEntries(options.replicas.map((id) => [String(id), node])),
    links: "any",
    workload: {
      writer: inOrder(...writes.map((to, i) => ask(to, { kind: "write", value: i + 1 }))),
      reader: inOrder(...reads.map((to) => ask(to, { kind: "read" }))),
    },
    monitors: [known],
    ...rest,
  };
}

const quiet = { beats: 0, checks: 0, replicas: [p, q, r] };

test("without failover, reads at the primary are never old and never go back", () => {
  const asked = { writes: [p, p], reads: [p, p] };
  const verdict = searchAll(system({ ...quiet, reads: "primary" }, asked, { properties: [kept, notOld, neverBack] }));
  expect(verdict).toMatchObject({ kind: "holds", coverage: { complete: true } });
});

test("reads at any replica are never older than an answered write, but may go back", () => {
  const asked = { writes: [p, p], reads: [q, r] };
  const notOlder = searchAll(system({ ...quiet, reads: "any" }, asked, { properties: [kept, notOld] }));
  const goingBack = searchAll(system({ ...quiet, reads: "any" }, asked, { properties: [neverBack] }));

  expect(notOlder).toMatchObject({ kind: "holds", coverage: { complete: true } });
  expect(goingBack).toMatchObject({ kind: "violated", witness: { property: neverBack.name } });
});

test("an answered write survives a crash and a failover, even one that was not called for", () => {
  const verdict = searchAll(
    system(
      { beats: 0, checks: 1, reads: "primary", replicas: [p, q, r] },
      { writes: [p, q], reads: [] },
      { faults: { crash: 1, "give-up": 1 }, properties: [kept, failover, splitBrain] },
    ),
  );
  expect(verdict).toMatchObject({ kind: "holds", coverage: { complete: true, neverReached: [] } });
});

test("a failover while the primary lives lets it give old values", () => {
  const verdict = searchAll(
    system(
      { beats: 0, checks: 1, reads: "primary", replicas: [p, q] },
      { writes: [q], reads: [p] },
      { properties: [notOld] },
    ),
  );
  expect(verdict).toMatchObject({ kind: "violated", witness: { property: notOld.name } });
});

test("a backup that hears its primary in time does not take over, and one that does not hear it in time does", () => {
  const spent = (view: View): boolean => view.node<ReplicaState>(q).state.checks === 0;
  const verdict = searchAll(
    system(
      { beats: 1, checks: 2, reads: "primary", replicas: [p, q] },
      { writes: [], reads: [] },
      {
        properties: [
          sometimes("it checks once in vain and then leads", (view) => spent(view) && leads(view, 1)),
          sometimes("it leads at the first check", (view) => !spent(view) && leads(view, 1)),
          always("one beat saves the primary once", (view) => !spent(view) || leads(view, 1) || "it heard two"),
        ],
      },
    ),
  );
  expect(verdict).toMatchObject({ kind: "holds", coverage: { complete: true, neverReached: [] } });
});
