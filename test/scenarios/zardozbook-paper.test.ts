import { expect, test } from "vitest";
import { follow } from "../../checker/shrink/follow.js";
import { printSchedule } from "../../cli/schedule-file.js";
import { run } from "../../sim/run.js";
import { namesOf, type Schedule } from "../../sim/schedule.js";
import { replaying } from "../../sim/strategy/replaying.js";
import { scripted } from "../../sim/strategy/scripted.js";
import { paperStory, paperSystem } from "./zardozbook-paper.js";

const property = "Bob is never shown what Ava posts after her unfriending of him was acknowledged";
const told = run(paperSystem, scripted(paperStory), { maxSteps: 1000 });
const names = namesOf(told.choices);

test("the paper's story violates the property at its last step, and is the bundled schedule zardozbook/paper", async () => {
  const schedule: Schedule = {
    format: 1,
    scenario: "zardozbook",
    parameters: paperSystem.parameters,
    faults: paperSystem.faults,
    property,
    step: names.length,
    origin: { strategy: "scripted", seed: null },
    code: null,
    choices: names,
  };

  expect(told.violation).toMatchObject({ property, step: paperStory.length });
  await expect(printSchedule(schedule)).toMatchFileSnapshot("../../scenarios/schedules/zardozbook-paper.schedule.json");
});

test("its five steps are those of the paper, in this order", () => {
  const places = [
    "deliver @balancer->@s1 {client:{call:{client:@ava,index:0},node:@ava},kind:'forwarded',request:{friend:'bob',kind:'unfriend',user:'ava'}}",
    "deliver @balancer->@s2 {client:{call:{client:@ava,index:1},node:@ava},kind:'forwarded',request:{author:'ava',kind:'post'",
    "fire @s2 push",
    "fire @s3 pull",
    "deliver @balancer->@s3 {client:{call:{client:@bob,index:0},node:@bob},kind:'forwarded',request:{author:'ava',kind:'read'",
  ].map((start) => names.findIndex((name) => name.startsWith(start)));

  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("it replays to the same violation", () => {
  const replayed = run(paperSystem, replaying(names), { maxSteps: names.length });

  expect(replayed.violation).toEqual(told.violation);
});

test("without any one of its steps, Bob does not see the post, or sees it at another server than s3", () => {
  for (let left = 0; left < names.length; left += 1) {
    const others = names.filter((_, i) => i !== left);
    const witness = follow(paperSystem, others, property);

    expect(witness?.choices.some((name) => name.startsWith("deliver @s3->@bob")) ?? false, names[left]).toBe(false);
  }
});
