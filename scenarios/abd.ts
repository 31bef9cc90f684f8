import { Record } from "immutable";
import { history } from "../checker/history/in-search/history-property.js";
import { register } from "../checker/history/models/register.js";
import { reply, send } from "../sim/effect.js";
import type { Message, Sender } from "../sim/message.js";
import { become, type Context, defineNode, type Reaction } from "../sim/node.js";
import { nodeId } from "../sim/node-id.js";
import { count, flag } from "../sim/parameter.js";
import { sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import { inOrder, operation, type Workload } from "../sim/workload.js";

/**
 * The shared register of Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems" (1995), with
 * several writers: every server stores a value with a tag and serves clients too. It asks a majority for their tags,
 * then has a majority store the highest (or, for a write, a higher one) before it answers.
 *
 * Of the default scope, 2 servers and 2 clients: 1,508 states. The largest scope tried with 3 servers that fits in 8 GiB: one client
 * that writes, one that reads three times, and one message lost, 110,846,635 states; without the loss 34,054,877.
 *
 * Without the second phase of a read (`writeBack=false`), a later read may find an older value: two servers hide it, as
 * their majority is both of them; three show it.
 */
export const abd = defineScenario({
  name: "abd",
  about: "A register that a majority of servers keeps, after Attiya, Bar-Noy and Dolev.",
  parameters: {
    servers: count(2, { min: 2, max: 5 }),
    clients: count(2, { min: 1, max: 5 }),
    reads: count(1, { max: 4 }),
    onlyWriters: count(0, { max: 5 }),
    writeBack: flag(true),
  },
  scope:
    "Finite without budgets: client i asks server i (so no more clients than servers) to write i and then to read, " +
    "`reads` times. Unless `onlyWriters` is 0, so many clients only write and the others only read. No faults.",
  define: ({ servers, clients, reads, onlyWriters, writeBack }) => ({
    nodes: Object.fromEntries(Array.from({ length: servers }, (_, i) => [`s${i + 1}`, server(writeBack)])),
    workload: Object.fromEntries(
      Array.from({ length: Math.min(clients, servers) }, (_, i) => [
        `c${i + 1}`,
        workloadOf(i, { reads, onlyWriters }),
      ]),
    ),
    properties: [linearizable, ...(reads > 0 ? [readWhileWriting] : [])],
  }),
});

interface Shape {
  readonly reads: number;
  readonly onlyWriters: number;
}

function workloadOf(client: number, { reads, onlyWriters }: Shape): Workload {
  const to = nodeId(`s${client + 1}`);
  const write = operation<Request>(to, { kind: "write", value: client + 1 });
  const readings = Array.from({ length: reads }, () => operation<Request>(to, { kind: "read" }));
  if (onlyWriters === 0) return inOrder(write, ...readings);
  return client < onlyWriters ? inOrder(write) : inOrder(...readings);
}

/** Versions in order: by clock, and by the writer's rank where two wrote at once. */
interface Version {
  readonly clock: number;
  readonly rank: number;
  readonly value: number | null;
}

type Request = { readonly kind: "write"; readonly value: number } | { readonly kind: "read" };
type Query = { readonly kind: "query"; readonly round: number };
type Found = { readonly kind: "found"; readonly round: number; readonly version: Version };
type Store = { readonly kind: "store"; readonly round: number; readonly version: Version };
type Stored = { readonly kind: "stored"; readonly round: number };
type Answer = { readonly kind: "written" } | { readonly kind: "value"; readonly value: number | null };

const unwritten: Version = { clock: 0, rank: 0, value: null };

class Server extends Record({
  version: unwritten,
  /** The number of the phase that it is in; answers to earlier ones come too late. */
  round: 0,
  phase: "idle" as "idle" | "asking" | "storing",
  /** The operation that it serves. */
  request: null as Request | null,
  from: null as Sender | null,
  /** The newest version that this phase has shown, or that it stores. */
  newest: unwritten,
  /** How many servers have answered in this phase, itself included. */
  answers: 0,
}) {}

function server(writeBack: boolean) {
  return defineNode<Server, Request | Query | Found | Store | Stored>({
    role: "server",
    start: () => become(new Server()),
    onMessage: {
      write: (state, request, from, context) => begin(state, request, from, context),
      read: (state, request, from, context) => begin(state, request, from, context),
      query: (state, { round }, from) =>
        become(state, send<Found>(from.node, { kind: "found", round, version: state.version })),
      found: (state, { round, version }, _from, context) => {
        if (state.phase !== "asking" || round !== state.round) return become(state);
        const newest = isNewer(version, state.newest) ? version : state.newest;
        const heard = state.merge({ newest, answers: state.answers + 1 });
        return isMajority(heard, context) ? store(heard, context, writeBack) : become(heard);
      },
      store: (state, { round, version }, from) =>
        become(keep(state, version), send<Stored>(from.node, { kind: "stored", round })),
      stored: (state, { round }, _from, context) => {
        if (state.phase !== "storing" || round !== state.round) return become(state);
        const heard = state.set("answers", state.answers + 1);
        return isMajority(heard, context) ? answer(heard) : become(heard);
      },
    },
  });
}

/** Asks all others for their versions. */
function begin(state: Server, request: Request, from: Sender, context: Context): Reaction<Server> {
  const round = state.round + 1;
  const asking = state.merge({ round, phase: "asking", request, from, newest: state.version, answers: 1 });
  return become(asking, ...context.peers.map((peer) => send<Query>(peer, { kind: "query", round })));
}

/** Has all others store what was found or is written; a read without write-back answers at once. */
function store(state: Server, context: Context, writeBack: boolean): Reaction<Server> {
  const { request, newest } = state;
  if (request?.kind === "read" && !writeBack) return answer(state);
  const version: Version =
    request?.kind === "write"
      ? { clock: newest.clock + 1, rank: context.rank(context.self), value: request.value }
      : newest;
  const round = state.round + 1;
  const storing = keep(state, version).merge({ round, phase: "storing", newest: version, answers: 1 });
  return become(storing, ...context.peers.map((peer) => send<Store>(peer, { kind: "store", round, version })));
}

function answer(state: Server): Reaction<Server> {
  const { request, from, newest } = state;
  const idle = state.merge({ phase: "idle", request: null, from: null, newest: unwritten, answers: 0 });
  if (from === null) return become(idle);
  const result: Answer = request?.kind === "write" ? { kind: "written" } : { kind: "value", value: newest.value };
  return become(idle, reply(from, result));
}

function keep(state: Server, version: Version): Server {
  return isNewer(version, state.version) ? state.set("version", version) : state;
}

function isNewer(a: Version, b: Version): boolean {
  return a.clock > b.clock || (a.clock === b.clock && a.rank > b.rank);
}

function isMajority(state: Server, context: Context): boolean {
  return state.answers * 2 > context.peers.length + 1;
}

const linearizable = history("the register is linearizable", "linearizable", {
  specification: register(),
  asked: (request: Message) => {
    const asked = request as Request;
    return asked.kind === "write" ? { f: "write", value: asked.value } : { f: "read" };
  },
  answer: (message: Message) =>
    (message as Answer).kind === "value" ? (message as Answer & { kind: "value" }).value : null,
});

/** Without a read that meets a write on its way, the claim would say little. */
const readWhileWriting = sometimes("one server serves a read while another stores a write", (view) => {
  const servers = view.nodes<Server>("server").flatMap(({ up, state }) => (up ? [state] : []));
  return (
    servers.some(({ request }) => request?.kind === "read") &&
    servers.some(({ request, phase }) => request?.kind === "write" && phase === "storing")
  );
});
