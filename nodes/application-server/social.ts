import type { Sender } from "../../sim/message.js";
import type { RedisCommand, RedisRequest } from "../redis/request.js";
import type { Query } from "../relational/query.js";
import type { RelationalReply, RelationalStatement, RelationalTransaction } from "../relational/request.js";

/** What users ask of a social application. `version` and `after` are there only under the causal fix. */
export type SocialRequest =
  /** `version`: the number of this change of the user's friend list, counted by the user's session. */
  | { readonly kind: "unfriend"; readonly user: string; readonly friend: string; readonly version?: number }
  /** `after`: the version of the author's friend list that the author has seen acknowledged. */
  | { readonly kind: "post"; readonly author: string; readonly text: string; readonly after?: number }
  | { readonly kind: "read"; readonly reader: string; readonly author: string };

export type SocialReply =
  | { readonly kind: "unfriended" }
  | { readonly kind: "posted" }
  | { readonly kind: "page"; readonly posts: readonly string[] };

/** A request that changes data, kept until the database has it. */
export type Change = Exclude<SocialRequest, { readonly kind: "read" }>;

/** A request that waits for a store's answer: what to do then. */
export type Then =
  | { readonly then: "answer"; readonly client: Sender; readonly reply: SocialReply }
  | { readonly then: "write-through"; readonly client: Sender; readonly change: Change }
  | { readonly then: "written-through"; readonly client: Sender; readonly change: Change }
  | { readonly then: "post"; readonly client: Sender; readonly change: Change }
  | { readonly then: "read-friends"; readonly client: Sender; readonly reader: string; readonly author: string }
  | { readonly then: "show"; readonly client: Sender; readonly posts: readonly string[] }
  | { readonly then: "show-rows"; readonly client: Sender; readonly reader: string; readonly author: string }
  | { readonly then: "pushed"; readonly count: number }
  | { readonly then: "pulled" }
  | { readonly then: "nothing" };

/** The commands that make a change in a cache. */
export function cacheCommands(change: Change): readonly RedisCommand[] {
  switch (change.kind) {
    case "unfriend": {
      const removal = { kind: "srem", key: friendsKey(change.user), members: [change.friend] } as const;
      return change.version === undefined
        ? [removal]
        : [removal, { kind: "set", key: versionKey(change.user), value: String(change.version) }];
    }
    case "post":
      return [{ kind: "rpush", key: postsKey(change.author), values: [entryOf(change)] }];
  }
}

/** The statements that make a change in the database; made twice, they change nothing more. */
export function databaseStatements(change: Change): readonly RelationalStatement[] {
  switch (change.kind) {
    case "unfriend": {
      const removal = { kind: "delete", table: "friends", row: { user: change.user, friend: change.friend } } as const;
      if (change.version === undefined) return [removal];
      return [
        removal,
        { kind: "delete", table: "versions", row: { user: change.user } },
        { kind: "insert", table: "versions", row: { user: change.user, version: change.version } },
      ];
    }
    case "post":
      return [{ kind: "insert", table: "posts", row: { author: change.author, entry: entryOf(change) } }];
  }
}

const tables = ["friends", "posts", "versions"] as const;

/** Asks for all tables as they are at one moment. */
export const snapshotRequest: RelationalTransaction = {
  kind: "transaction",
  requests: tables.map((name): RelationalStatement => ({
    kind: "query",
    query: { kind: "table", name } satisfies Query,
  })),
};

/** All tables as they were at one moment. */
export interface Snapshot {
  readonly friends: readonly { readonly user: string; readonly friend: string }[];
  readonly posts: readonly { readonly author: string; readonly entry: string }[];
  readonly versions: readonly { readonly user: string; readonly version: number }[];
}

/** The answer to `snapshotRequest`. */
export function snapshotOf(reply: RelationalReply): Snapshot {
  const rows = reply.kind === "replies" ? reply.replies.map((one) => (one.kind === "rows" ? one.rows : [])) : [];
  return { friends: rows[0] ?? [], posts: rows[1] ?? [], versions: rows[2] ?? [] } as unknown as Snapshot;
}

/** Replaces what a cache holds of these users by a snapshot, with changes that the snapshot may not have yet made again. */
export function refreshRequest(snapshot: Snapshot, users: readonly string[], changes: readonly Change[]): RedisRequest {
  const { friends, posts, versions } = snapshot;
  const missing = changes.filter(
    (change) => change.kind !== "post" || !posts.some(({ entry }) => entry === entryOf(change)),
  );
  return {
    kind: "transaction",
    requests: [
      { kind: "del", keys: users.flatMap((user) => [friendsKey(user), postsKey(user)]) },
      ...friends.map(({ user, friend }): RedisCommand => ({ kind: "sadd", key: friendsKey(user), members: [friend] })),
      ...posts.map(({ author, entry }): RedisCommand => ({ kind: "rpush", key: postsKey(author), values: [entry] })),
      ...versions.map(({ user, version }): RedisCommand => ({
        kind: "set",
        key: versionKey(user),
        value: String(version),
      })),
      ...missing.flatMap(cacheCommands),
    ],
  };
}

export function friendsKey(user: string): string {
  return `friends:${user}`;
}

export function postsKey(author: string): string {
  return `posts:${author}`;
}

export function versionKey(user: string): string {
  return `version:${user}`;
}

/** A post as a list's element: its text, led by the version that it comes after, if it has one. */
function entryOf(post: Extract<Change, { kind: "post" }>): string {
  return post.after === undefined ? post.text : `${post.after}|${post.text}`;
}

/** The texts among these entries that a reader with this version of the author's friend list may see. */
export function visible(entries: readonly string[], version: number): readonly string[] {
  return entries.flatMap((entry) => {
    const versioned = /^(\d+)\|/.exec(entry);
    if (versioned === null) return [entry];
    return Number(versioned[1]) <= version ? [entry.slice(versioned[0].length)] : [];
  });
}
