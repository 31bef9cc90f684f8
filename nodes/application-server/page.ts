import type { RedisReply } from "../redis/reply.js";
import type { RelationalReply } from "../relational/request.js";
import { type SocialReply, snapshotOf, visible } from "./social.js";

/** What a reader is shown of these posts, when the cache has told whether they are friends. */
export function page(posts: readonly string[], answer: RedisReply): SocialReply {
  const [member, version] = answer.kind === "replies" ? answer.replies : [answer];
  if (member?.kind !== "integer" || member.value === 0n) return { kind: "page", posts: [] };
  return { kind: "page", posts: visible(posts, version?.kind === "value" ? Number(version.value) : 0) };
}

/** What a reader is shown of the database's tables. */
export function pageOfRows(
  answer: RelationalReply,
  { reader, author }: { readonly reader: string; readonly author: string },
): SocialReply {
  const { friends, posts } = snapshotOf(answer);
  const isFriend = friends.some((row) => row.user === author && row.friend === reader);
  return { kind: "page", posts: isFriend ? posts.filter((row) => row.author === author).map((row) => row.entry) : [] };
}
