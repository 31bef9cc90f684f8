import type { List } from "immutable";
import { choose, type Effect, reply, send, setTimer } from "../sim/effect.js";
import type { Message, Sender } from "../sim/message.js";
import { become, defineNode, type Reaction } from "../sim/node.js";
import type { NodeId } from "../sim/node-id.js";
import { page, pageOfRows } from "./application-server/page.js";
import { ServerState } from "./application-server/server-state.js";
import {
  cacheCommands,
  type Change,
  databaseStatements,
  friendsKey,
  postsKey,
  refreshRequest,
  type SocialReply,
  type SocialRequest,
  snapshotOf,
  snapshotRequest,
  type Then,
  versionKey,
} from "./application-server/social.js";
import { type Budget, isSpent, requireBudget, spend } from "./budget.js";
import type { Heartbeat } from "./heartbeat.js";
import type { Forwarded } from "./load-balancer.js";
import { applyRedis } from "./redis.js";
import type { RedisReply } from "./redis/reply.js";
import type { RedisRequest } from "./redis/request.js";
import type { RelationalReply } from "./relational/request.js";

/** What keeps an unfriended reader from the author's later posts; see the scenario `zardozbook`. */
export type Fix = "none" | "write-through" | "sticky" | "read-database" | "pull-before-post" | "causal";

export interface ServerOptions {
  readonly balancer: NodeId;
  readonly database: NodeId;
  /** The cache's node; without one the cache is folded into the server. */
  readonly cache?: NodeId;
  /** The users whose data it keeps. */
  readonly users: readonly string[];
  readonly fix: Fix;
  /** Where the load in heartbeats comes from: a choice, or the number of requests handled. */
  readonly load: "outside" | "requests";
  /** Heartbeats, pushes and pulls that timers may start. */
  readonly budgets: { readonly beats: Budget; readonly pushes: Budget; readonly pulls: Budget };
}

type Input =
  Forwarded<SocialRequest> | { readonly kind: "fill"; readonly request: RedisRequest } | RedisReply | RelationalReply;

/**
 * An application server: it writes to its own cache and answers, pushes what changed to the database on one timer, and
 * pulls a snapshot into its cache on another, with what it has not pushed yet made again on top.
 *
 * The pull's delay is the longest and is set first, then the heartbeat's, then the push's, so that a search sees the three
 * in every order. What waits for a store is kept in the call that the store's answer carries back.
 */
export function applicationServer(options: ServerOptions) {
  const server = new Server(options);
  const resume = (state: ServerState, answer: RedisReply | RelationalReply, from: Sender): Reaction<ServerState> =>
    server.resume(state, answer, from.call as Then);
  return defineNode<ServerState, Input>({
    role: "server",
    start: () => server.start(),
    onMessage: {
      forwarded: (state, message) => server.serve(state, message.request, message.client),
      fill: (state, message) => become(state.set("cache", applyRedis(state.cache, message.request)[0])),
      ok: resume,
      value: resume,
      integer: resume,
      members: resume,
      list: resume,
      error: resume,
      rows: resume,
      replies: resume,
    },
    onTimer: {
      beat: (state) => server.beat(state),
      push: (state) => server.push(state),
      pull: (state) => server.pull(state),
    },
    onChoice: { load: (state, load: number) => server.report(state, load) },
  });
}

const delays = { pull: 300, beat: 200, push: 100 } as const;

class Server {
  constructor(private readonly options: ServerOptions) {}

  start(): Reaction<ServerState> {
    const { beats, pushes, pulls } = this.options.budgets;
    const state = new ServerState({
      beats: requireBudget("beats", beats),
      pushes: requireBudget("pushes", pushes),
      pulls: requireBudget("pulls", pulls),
    });
    return become(state, ...armed("pull", state.pulls), ...armed("beat", state.beats));
  }

  serve(before: ServerState, request: SocialRequest, client: Sender): Reaction<ServerState> {
    const state = this.options.load === "requests" ? before.update("requests", (count) => count + 1) : before;
    const { fix } = this.options;
    switch (request.kind) {
      case "unfriend":
        if (writesThrough(fix)) {
          const writing = state.update("writing", (changes) => changes.push(request));
          return this.change(writing, request, { then: "write-through", client, change: request });
        }
        return this.record(state, request, client, { kind: "unfriended" });
      case "post":
        if (fix !== "pull-before-post") return this.record(state, request, client, { kind: "posted" });
        return become(state, this.ask(snapshotRequest, { then: "post", client, change: request }));
      case "read": {
        const { reader, author } = request;
        if (fix === "read-database")
          return become(state, this.ask(snapshotRequest, { then: "show-rows", client, reader, author }));
        const posts = { kind: "lrange", key: postsKey(author), start: 0, stop: -1 } as const;
        return this.cached(state, posts, { then: "read-friends", client, reader, author });
      }
    }
  }

  /** Goes on when a store has answered. */
  resume(state: ServerState, answer: RedisReply | RelationalReply, next: Then): Reaction<ServerState> {
    switch (next.then) {
      case "nothing":
        return become(state);
      case "answer":
        return become(state, reply(next.client, next.reply));
      case "write-through":
        return become(state, this.ask(transaction([next.change]), { ...next, then: "written-through" }));
      case "written-through":
        return become(state.update("writing", without(next.change)), reply(next.client, { kind: "unfriended" }));
      case "post": {
        const refreshed = this.refresh(state, answer as RelationalReply);
        const posted = this.record(refreshed.state, next.change, next.client, { kind: "posted" });
        return become(posted.state, ...refreshed.effects, ...posted.effects);
      }
      case "read-friends":
        return this.readFriends(state, answer as RedisReply, next);
      case "show":
        return become(state, reply(next.client, page(next.posts, answer as RedisReply)));
      case "show-rows":
        return become(state, reply(next.client, pageOfRows(answer as RelationalReply, next)));
      case "pushed":
        return this.armPush(state.merge({ unpushed: state.unpushed.skip(next.count), pushing: 0 }));
      case "pulled": {
        const refreshed = this.refresh(state.set("pulling", false), answer as RelationalReply);
        return become(refreshed.state, ...refreshed.effects, ...armed("pull", state.pulls));
      }
    }
  }

  beat(before: ServerState): Reaction<ServerState> {
    const state = before.update("beats", spend);
    if (this.options.load === "outside") return become(state, choose("load", [0, 1]));
    return this.report(state, state.requests);
  }

  report(state: ServerState, load: number): Reaction<ServerState> {
    const heartbeat: Heartbeat = { kind: "heartbeat", load };
    return become(state, send(this.options.balancer, heartbeat), ...armed("beat", state.beats));
  }

  push(state: ServerState): Reaction<ServerState> {
    const count = state.unpushed.size;
    return become(
      state.merge({ pushing: count, pushes: spend(state.pushes) }),
      this.ask(transaction(state.unpushed.toArray()), { then: "pushed", count }),
    );
  }

  pull(state: ServerState): Reaction<ServerState> {
    return become(
      state.merge({ pulling: true, pulls: spend(state.pulls) }),
      this.ask(snapshotRequest, { then: "pulled" }),
    );
  }

  /** Makes a change in the cache, keeps it for the next push, and answers. */
  private record(before: ServerState, change: Change, client: Sender, answer: SocialReply): Reaction<ServerState> {
    const armed = this.armPush(before.update("unpushed", (changes) => changes.push(change)));
    const changed = this.change(armed.state, change, { then: "answer", client, reply: answer });
    return become(changed.state, ...armed.effects, ...changed.effects);
  }

  private change(state: ServerState, change: Change, next: Then): Reaction<ServerState> {
    const [command, ...others] = cacheCommands(change);
    if (command === undefined) return become(state);
    const request = others.length === 0 ? command : ({ kind: "transaction", requests: [command, ...others] } as const);
    return this.cached(state, request, next);
  }

  private refresh(state: ServerState, answer: RelationalReply): Reaction<ServerState> {
    const changes = [...state.writing, ...state.unpushed];
    const request = refreshRequest(snapshotOf(answer), this.options.users, changes);
    return this.cached(state, request, { then: "nothing" });
  }

  private readFriends(
    state: ServerState,
    answer: RedisReply,
    asked: Extract<Then, { then: "read-friends" }>,
  ): Reaction<ServerState> {
    const posts = answer.kind === "list" ? answer.items : [];
    const isFriend = { kind: "sismember", key: friendsKey(asked.author), member: asked.reader } as const;
    const request: RedisRequest =
      this.options.fix === "causal"
        ? { kind: "transaction", requests: [isFriend, { kind: "get", key: versionKey(asked.author) }] }
        : isFriend;
    return this.cached(state, request, { then: "show", client: asked.client, posts });
  }

  /** A request to the cache: a message to its node, or, if it is folded into the server, done in the same step. */
  private cached(state: ServerState, request: RedisRequest, next: Then): Reaction<ServerState> {
    const { cache } = this.options;
    if (cache !== undefined) return become(state, send(cache, request, { call: next }));
    const [after, answer] = applyRedis(state.cache, request);
    return this.resume(state.set("cache", after), answer, next);
  }

  private ask(request: Message, next: Then): Effect {
    return send(this.options.database, request, { call: next });
  }

  /** Sets the push timer when there is something to push, none is under way, and the budget allows one. */
  private armPush(state: ServerState): Reaction<ServerState> {
    const useful = !state.unpushed.isEmpty() && state.pushing === 0;
    return become(state, ...(useful ? armed("push", state.pushes) : []));
  }
}

function writesThrough(fix: Fix): boolean {
  return fix === "write-through" || fix === "read-database" || fix === "pull-before-post";
}

function transaction(changes: readonly Change[]) {
  return { kind: "transaction", requests: changes.flatMap(databaseStatements) } as const;
}

function without(change: Change): (changes: List<Change>) => List<Change> {
  return (changes) => changes.filterNot((other) => other.kind === change.kind);
}

function armed(timer: keyof typeof delays, budget: Budget): readonly Effect[] {
  return isSpent(budget) ? [] : [setTimer(timer, delays[timer])];
}
