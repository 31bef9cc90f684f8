import { carriedText } from "./baggage.js";
import type { Choice } from "./choice.js";
import { contextFor, handle, placeIn } from "./handle.js";
import { observe } from "./observe.js";
import { noCauses, type StepObserver } from "./observer.js";
import { type ChoiceOf, spend, type Stage } from "./stage.js";
import type { CompiledNode, System } from "./system.js";
import { giveUp, invoke } from "./take-client.js";
import { takeMessage } from "./take-message.js";
import { downSlot, forkWorld, type NodeSlot, type World } from "./world.js";

/**
 * The world after a choice: the meaning of a scenario, together with `initialWorld` and `enabledChoices`. Pure.
 *
 * @throws NodeFailure when node code throws, leaks nondeterminism or breaks its contract.
 */
export function step(system: System, world: World, choice: Choice, observer?: StepObserver): World {
  const next = forkWorld(world);
  takeChoice({ system, world: next, observer }, choice);
  return next;
}

/** Takes an enabled choice in a world that may be written to. */
export function takeChoice(stage: Stage, choice: Choice): void {
  if ("message" in choice) return takeMessage(stage, choice);
  switch (choice.kind) {
    case "fire":
      return fire(stage, choice);
    case "choose":
      return choose(stage, choice);
    case "flush":
    case "crash":
    case "recover":
      return changeNode(stage, choice);
    case "invoke":
      return invoke(stage, choice);
    case "give-up":
      return giveUp(stage, choice);
    case "partition":
      return partition(stage, choice);
    case "heal":
      return heal(stage, choice);
  }
}

function partition({ system, world, observer }: Stage, choice: ChoiceOf<"partition">): void {
  spend(world, "partition");
  world.partitions = system.partitions
    .map(({ name }) => name)
    .filter((name) => name === choice.name || world.partitions.includes(name));
  observer?.begin("partition", -1, choice, noCauses);
  observe(system, world, () => ({ kind: "partition", name: choice.name }));
}

function heal({ system, world, observer }: Stage, choice: ChoiceOf<"heal">): void {
  world.partitions = [];
  observer?.begin("heal", -1, choice, noCauses);
  observe(system, world, () => ({ kind: "heal" }));
}

function fire(stage: Stage, choice: ChoiceOf<"fire">): void {
  const { system, world, observer } = stage;
  const number = system.nodeNumber(choice.node);
  const slot = world.nodes[number] as NodeSlot;
  const timer = slot.timers.find((pending) => pending.name === choice.timer);
  const causes = { via: "timer", cause: timer?.origin, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("fire", number, choice, causes);
  const left = { ...slot, timers: slot.timers.filter((pending) => pending !== timer) };
  const { definition } = system.nodes[number] as CompiledNode;
  const inputs = [slot.state, contextFor(system, number, origin)];
  const place = placeIn(system, number, "onTimer", choice.timer);
  handle(stage, number, left, place, definition.onTimer?.[choice.timer], inputs, origin);
}

function choose(stage: Stage, choice: ChoiceOf<"choose">): void {
  const { system, world, observer } = stage;
  const number = system.nodeNumber(choice.node);
  const slot = world.nodes[number] as NodeSlot;
  const asked = slot.pending.find((pending) => pending.label === choice.label);
  const causes = { via: "choice", cause: asked?.origin, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("choose", number, choice, causes);
  const left = { ...slot, pending: slot.pending.filter((pending) => pending !== asked) };
  const { definition } = system.nodes[number] as CompiledNode;
  const inputs = [slot.state, choice.option, contextFor(system, number, origin)];
  const place = placeIn(system, number, "onChoice", choice.label);
  handle(stage, number, left, place, definition.onChoice?.[choice.label], inputs, origin);
}

function changeNode(stage: Stage, choice: ChoiceOf<"flush" | "crash" | "recover">): void {
  const { system, world, observer } = stage;
  const number = system.nodeNumber(choice.node);
  const slot = world.nodes[number] as NodeSlot;
  if (choice.kind === "flush") {
    const causes = { via: "program", cause: undefined, previous: slot.origin, stored: undefined } as const;
    const origin = observer?.begin("flush", number, choice, causes);
    world.nodes[number] = {
      ...slot,
      stable: slot.unflushed,
      unflushed: undefined,
      origin,
      bags: carriedText(system.activeBags, origin, ["program"]),
      text: undefined,
    };
    return;
  }
  spend(world, choice.kind);
  observe(system, world, () => ({ kind: choice.kind as "crash", node: choice.node }));
  if (choice.kind === "crash") {
    const causes = { via: "program", cause: undefined, previous: slot.origin, stored: undefined } as const;
    const origin = observer?.begin("crash", number, choice, causes);
    const bags = carriedText(system.activeBags, origin, ["fault"]);
    world.nodes[number] = { ...downSlot, stable: slot.stable, origin, bags, text: undefined };
    return;
  }
  const causes = { via: "fault", cause: slot.origin, previous: undefined, stored: slot.stable?.origin } as const;
  const origin = observer?.begin("recover", number, choice, causes);
  const { definition } = system.nodes[number] as CompiledNode;
  const inputs = [slot.stable?.value, contextFor(system, number, origin)];
  handle(stage, number, slot, placeIn(system, number, "recover"), definition.recover, inputs, origin);
}
