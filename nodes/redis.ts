import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { ofMessages } from "./of-messages.js";
import { redisProvenance } from "./redis.provenance.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import { del, exists } from "./redis/keys.js";
import { lrange, rpush } from "./redis/lists.js";
import { type Outcome, type RedisReply, transactionDiscarded, wrongArity } from "./redis/reply.js";
import {
  hasTooFewArguments,
  type RedisCommand,
  type RedisRequest,
  type RedisTransaction,
  requireByteStrings,
} from "./redis/request.js";
import { sadd, sismember, smembers, srem } from "./redis/sets.js";
import { emptyRedis, type RedisState } from "./redis/state.js";
import { append, decr, decrby, get, incr, incrby, set, strlen } from "./redis/strings.js";

/**
 * Applies a request to the store: the state after, and the reply of the real server, to the byte.
 *
 * A failed command leaves the state as it was. Compared with Redis 7.0.15 in `test/conformance/redis.test.ts`.
 *
 * @throws RangeError for text with code units above 255, which Redis could not be sent.
 */
export function applyRedis(state: RedisState, request: RedisRequest): Outcome {
  return request.kind === "transaction" ? transact(state, request) : execute(state, request);
}

/**
 * `MULTI` to `EXEC`: the replies in order; a command that fails does not stop the others. A command that the server
 * would not even queue (too few arguments) discards the whole transaction.
 */
function transact(state: RedisState, { requests }: RedisTransaction): Outcome {
  if (requests.some(hasTooFewArguments)) return [state, transactionDiscarded];
  let after = state;
  const replies: RedisReply[] = [];
  for (const request of requests) {
    const [next, answer] = execute(after, request);
    after = next;
    replies.push(answer);
  }
  return [after, { kind: "replies", replies }];
}

function execute(state: RedisState, command: RedisCommand): Outcome {
  requireByteStrings(command);
  if (hasTooFewArguments(command)) return [state, wrongArity(command.kind)];
  switch (command.kind) {
    case "get":
      return get(state, command);
    case "set":
      return set(state, command);
    case "append":
      return append(state, command);
    case "strlen":
      return strlen(state, command);
    case "incr":
      return incr(state, command);
    case "decr":
      return decr(state, command);
    case "incrby":
      return incrby(state, command);
    case "decrby":
      return decrby(state, command);
    case "del":
      return del(state, command);
    case "exists":
      return exists(state, command);
    case "sadd":
      return sadd(state, command);
    case "srem":
      return srem(state, command);
    case "sismember":
      return sismember(state, command);
    case "smembers":
      return smembers(state, command);
    case "rpush":
      return rpush(state, command);
    case "lrange":
      return lrange(state, command);
  }
}

/** The commands that the paper specifies (section 4.2). */
const specified: ReadonlySet<string> = new Set([
  "get",
  "set",
  "append",
  "strlen",
  "incr",
  "decr",
  "incrby",
  "decrby",
  "del",
]);

/** A node that keeps a Redis-like store in volatile memory and answers each request with one reply. */
export function redisStore({
  role = "redis",
}: {
  readonly role?: string;
} = {}): NodeDefinition<RedisState, RedisRequest> {
  return defineNode<RedisState, RedisRequest>({
    role,
    start: () => become(emptyRedis),
    provenance: ofMessages(redisProvenance, ({ kind }) => specified.has(kind)),
    onMessage: {
      get: answer,
      set: answer,
      append: answer,
      strlen: answer,
      incr: answer,
      decr: answer,
      incrby: answer,
      decrby: answer,
      del: answer,
      exists: answer,
      sadd: answer,
      srem: answer,
      sismember: answer,
      smembers: answer,
      rpush: answer,
      lrange: answer,
      transaction: answer,
    },
  });
}

function answer(state: RedisState, request: RedisRequest, from: Sender): Reaction<RedisState> {
  const [after, response] = applyRedis(state, request);
  return become(after, reply(from, response));
}
