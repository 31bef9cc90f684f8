import { List, Record, Set } from "immutable";
import type { Request } from "../../checker/history/operation.js";
import type { Specification } from "../../checker/history/specification.js";
import type { SocialReply, SocialRequest } from "../../nodes/application-server/social.js";
import type { ClientHistory } from "../../sim/client-history.js";
import type { Value } from "../../sim/value.js";

/** A user's page, where the user has not been unfriended by anybody yet. */
class Page extends Record({ unfriended: Set<Value>(), posts: List<Value>() }) {}

/**
 * The pages that users share, each as one object that one user at a time uses: whoever is no friend of the author any
 * more sees an empty page. All who read start as friends.
 */
const pages: Specification<Page> = {
  name: "page with friends and posts",
  initial: new Page(),
  apply: (page, { f, value }) => {
    switch (f) {
      case "unfriend":
        return { state: page.update("unfriended", (users) => users.add(value)) };
      case "post":
        return { state: page.update("posts", (posts) => posts.push(value)) };
      default:
        return { state: page, output: page.unfriended.has(value) ? List() : page.posts };
    }
  },
  refusal: ({ f }) =>
    ["unfriend", "post", "read"].includes(f) ? null : `a page knows unfriend, post and read, not ${f}`,
  answer: ({ f }, recorded) => (f === "read" ? List(recorded as readonly string[]) : recorded),
  isRead: ({ f }) => f === "read",
  partitionBy: ({ key }: Request) => key,
};

/** What users ask and see, as operations on the author's page. */
export const pageHistory: ClientHistory = {
  specification: pages,
  asked: (message) => {
    const request = message as SocialRequest;
    switch (request.kind) {
      case "unfriend":
        return { f: "unfriend", key: request.user, value: request.friend };
      case "post":
        return { f: "post", key: request.author, value: request.text };
      case "read":
        return { f: "read", key: request.author, value: request.reader };
    }
  },
  answer: (message) => {
    const reply = message as SocialReply;
    return reply.kind === "page" ? reply.posts : null;
  },
};
