import { compile } from "../../sim/compile.js";
import type { Choice } from "../../sim/choice.js";
import { zardozbook } from "../../scenarios/zardozbook.js";

/** The system of the paper's story: three servers, and else the scenario's defaults. */
export const paperSystem = compile(zardozbook, { parameters: { servers: 3 } });

type Test = (name: string, choice: Choice) => boolean;

/**
 * The story of Whittaker et al. (SoCC 2018), section 3.1, step by step, and nothing that it does not need: Ava's unfriend
 * goes to s1 and her post to s2, s2 pushes, s3 pulls, and Bob reads at s3.
 */
export const paperStory: readonly Test[] = [
  // 1. Ava unfriends Bob at s1, which writes to its cache and answers.
  invoke("ava", 0),
  arrives("balancer", "unfriend"),
  arrives("s1", "forwarded"),
  arrives("s1-cache", "srem"),
  arrives("s1", "integer"),
  arrives("ava", "unfriended"),
  // 2. s1 reports more load; Ava's post goes to s2, which still takes Ava and Bob for friends. What s2's
  // cache does with it, and its answer, do not matter to the story.
  ...reports("s1"),
  invoke("ava", 1),
  arrives("balancer", "post"),
  arrives("s2", "forwarded"),
  // 3. s2 pushes the post to the database.
  fires("s2", "push"),
  arrives("database", "transaction"),
  // 4. s3 pulls it into its cache, with the friendship that s1 has not pushed away yet.
  fires("s3", "pull"),
  (name) => name.startsWith("deliver @s3->@database"),
  arrives("s3", "replies"),
  arrives("s3-cache", "transaction"),
  arrives("s3", "replies"),
  // 5. s2 reports more load, too; Bob's read goes to s3, and he sees the post.
  ...reports("s2"),
  invoke("bob", 0),
  arrives("balancer", "read"),
  arrives("s3", "forwarded"),
  arrives("s3-cache", "lrange"),
  arrives("s3", "list"),
  arrives("s3-cache", "sismember"),
  arrives("s3", "integer"),
  arrives("bob", "page"),
];

function invoke(client: string, index: number): Test {
  return (name) => name === `invoke @${client}:${index}`;
}

function arrives(at: string, kind: string): Test {
  return (_name, choice) =>
    choice.kind === "deliver" && String(choice.message.to) === at && choice.message.message.kind === kind;
}

function fires(node: string, timer: string): Test {
  return (name) => name === `fire @${node} ${timer}`;
}

function reports(server: string): readonly Test[] {
  return [
    fires(server, "beat"),
    (name) => name === `choose @${server} load 1`,
    (name) => name.startsWith(`deliver @${server}->@balancer`),
  ];
}
