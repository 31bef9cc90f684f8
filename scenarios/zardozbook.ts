import { Record, Set } from "immutable";
import { applicationServer, type Fix } from "../nodes/application-server.js";
import { friendsKey, type SocialRequest, versionKey } from "../nodes/application-server/social.js";
import { loadBalancer } from "../nodes/load-balancer.js";
import { redisStore } from "../nodes/redis.js";
import type { RedisCommand } from "../nodes/redis/request.js";
import { relationalStore } from "../nodes/relational.js";
import { defineMonitor } from "../sim/monitor.js";
import type { AnyNode } from "../sim/node.js";
import { nodeId } from "../sim/node-id.js";
import { budget, count, flag, oneOf } from "../sim/parameter.js";
import { always, sometimes } from "../sim/property.js";
import { defineScenario } from "../sim/scenario.js";
import { inOrder, operation } from "../sim/workload.js";
import { pageHistory } from "./zardozbook/page.js";

/**
 * ZardozBook: the social application of Whittaker et al., "Debugging Distributed Systems with Why-Across-Time Provenance"
 * (SoCC 2018), section 3.1. Ava unfriends Bob and then posts about him, and Bob sees the post: the violation of a session
 * guarantee, monotonic writes (who sees a user's change sees what the same user changed before).
 *
 * Why the fixes hold or fail:
 * - `write-through` fails: the database is right, but the other server's cache is still stale when the post enters it.
 * - `sticky` holds: one server's cache has both of Ava's changes in order, and pushes and pulls are single transactions.
 * - `read-database` holds: the unfriend is in the database before it is acknowledged, and so before the post can be.
 * - `pull-before-post` holds: the cache that the post enters has pulled the acknowledged unfriend before.
 * - `causal` holds: the post names the version of the friend list that it comes after, and no older cache shows it.
 */
export const zardozbook = defineScenario({
  name: "zardozbook",
  about: "Ava unfriends Bob, then posts about him, and Bob sees the post.",
  parameters: {
    servers: oneOf(2, 3),
    stores: oneOf("nodes", "folded"),
    load: oneOf("outside", "requests"),
    fix: oneOf("none", "write-through", "sticky", "read-database", "pull-before-post", "causal"),
    beats: budget(1),
    pushes: budget(1),
    pulls: budget(1),
    reads: count(1, { min: 1 }),
    older: flag(false),
  },
  scope:
    "Each server's timers start so many heartbeats, pushes and pulls (`beats`, `pushes`, `pulls`); what a fix does inside a " +
    "request is free. With `any` heartbeats the space is infinite.",
  define: (values) => {
    const serverNames = ["s1", "s2", "s3"].slice(0, values.servers);
    const isFolded = values.stores === "folded";
    const isCausal = values.fix === "causal";
    const fill = cacheData(isCausal);
    const caches = isFolded ? [] : serverNames.map((name) => `${name}-cache`);
    const nodes: { [name: string]: AnyNode } = {
      balancer: loadBalancer({ requests, sticky: values.fix === "sticky" }),
    };
    for (const name of serverNames) {
      nodes[name] = applicationServer({
        balancer: nodeId("balancer"),
        database: nodeId("database"),
        ...(isFolded ? {} : { cache: nodeId(`${name}-cache`) }),
        users: ["ava"],
        fix: values.fix,
        load: values.load,
        budgets: { beats: values.beats, pushes: values.pushes, pulls: values.pulls },
      });
    }
    for (const name of caches) nodes[name] = redisStore({ role: "cache" });
    nodes.database = relationalStore();
    return {
      nodes,
      initial: {
        database: databaseData(isCausal),
        ...Object.fromEntries(caches.map((name) => [name, fill])),
        ...(isFolded
          ? Object.fromEntries(serverNames.map((name) => [name, fill.map((request) => ({ kind: "fill", request }))]))
          : {}),
      },
      links: {
        order: "any",
        except: [
          { between: ["server", "database"], order: "fifo" },
          ...(isFolded ? [] : [{ between: ["server", "cache"], order: "fifo" } as const]),
        ],
      },
      workload: {
        ava: inOrder(...avaRequests(values.fix, values.older).map((request) => operation(nodeId("balancer"), request))),
        bob: inOrder(...Array.from({ length: values.reads }, () => operation(nodeId("balancer"), read))),
      },
      // People take their time, or Bob would nearly always look before Ava has posted.
      timing: { think: [1, 1000] },
      properties: values.older ? [neverShown, olderShown] : [neverShown],
      history: pageHistory,
    };
  },
});

const requests = ["unfriend", "post", "read"];
const read: SocialRequest = { kind: "read", reader: "bob", author: "ava" };
const older = "Hello, world";

function avaRequests(fix: Fix, withOlder: boolean): SocialRequest[] {
  const [before, version, after] = fix === "causal" ? [{ after: 0 }, { version: 1 }, { after: 1 }] : [{}, {}, {}];
  return [
    ...(withOlder ? [{ kind: "post", author: "ava", text: older, ...before } as const] : []),
    { kind: "unfriend", user: "ava", friend: "bob", ...version },
    { kind: "post", author: "ava", text: "Bob is a big jerk!", ...after },
  ];
}

function cacheData(isCausal: boolean): RedisCommand[] {
  const friends = { kind: "sadd", key: friendsKey("ava"), members: ["bob"] } as const;
  return isCausal ? [friends, { kind: "set", key: versionKey("ava"), value: "0" }] : [friends];
}

function databaseData(isCausal: boolean) {
  const friends = { kind: "insert", table: "friends", row: { user: "ava", friend: "bob" } };
  return isCausal ? [friends, { kind: "insert", table: "versions", row: { user: "ava", version: 0 } }] : [friends];
}

/** What the users know without any clock: whether the unfriend was acknowledged, and what was posted after that. */
class Sessions extends Record({
  isUnfriended: false,
  postedAfter: Set<string>(),
  /** A post of the latter that Bob was shown. */
  shown: null as string | null,
  isOlderShown: false,
}) {}

const sessions = defineMonitor<Sessions>({
  name: "sessions",
  start: new Sessions(),
  on: (value, event) => {
    if (event.kind === "return" && event.reply.kind === "unfriended") return value.set("isUnfriended", true);
    if (event.kind === "invoke" && event.request.kind === "post" && value.isUnfriended) {
      return value.update("postedAfter", (posts) =>
        posts.add((event.request as Extract<SocialRequest, { kind: "post" }>).text),
      );
    }
    if (event.kind !== "return" || event.reply.kind !== "page") return value;
    const { posts } = event.reply as { readonly kind: string; readonly posts: readonly string[] };
    const shown = posts.find((post) => value.postedAfter.has(post));
    return value.merge({ shown: shown ?? value.shown, isOlderShown: value.isOlderShown || posts.includes(older) });
  },
});

const neverShown = always(
  "Bob is never shown what Ava posts after her unfriending of him was acknowledged",
  (view) => {
    const { shown } = view.monitor(sessions);
    return (
      shown === null || `Bob was shown "${shown}", which Ava posted after her unfriending of Bob had been acknowledged`
    );
  },
  { monitors: [sessions] },
);

const olderShown = sometimes(
  "Bob sees an older status of Ava's while they are friends",
  (view) => view.monitor(sessions).isOlderShown,
  {
    monitors: [sessions],
  },
);
