import { carriedText } from "./baggage.js";
import type { Choice } from "./choice.js";
import { handle, reacting } from "./handle.js";
import { observe } from "./observe.js";
import { noCauses, type StepObserver } from "./observer.js";
import type { CompiledNode, System } from "./system.js";
import { giveUp, invoke } from "./take-client.js";
import { takeMessage } from "./take-message.js";
import { type ChoiceOf, spend, type Taking } from "./taking.js";
import { downSlot, forkWorld, type NodeSlot, type World } from "./world.js";

/**
 * The world after a choice: the meaning of a scenario, together with `initialWorld` and `enabledChoices`. Pure.
 *
 * @throws NodeFailure when node code throws, leaks nondeterminism or breaks its contract.
 */
export function step(system: System, world: World, choice: Choice, observer?: StepObserver): World {
  const next = forkWorld(world);
  takeChoice(system, next, choice, observer);
  return next;
}

/** Takes an enabled choice in a world that may be written to. */
export function takeChoice(system: System, world: World, choice: Choice, observer?: StepObserver): void {
  switch (choice.kind) {
    case "deliver":
    case "drop":
    case "duplicate":
    case "delay":
    case "error":
      return takeMessage({ system, world, choice, observer });
    case "fire":
      return fire({ system, world, choice, observer });
    case "choose":
      return choose({ system, world, choice, observer });
    case "flush":
    case "crash":
    case "recover":
      return changeNode({ system, world, choice, observer });
    case "invoke":
      return invoke({ system, world, choice, observer });
    case "give-up":
      return giveUp({ system, world, choice, observer });
    case "partition":
      spend(world, "partition");
      world.partitions = system.partitions
        .map(({ name }) => name)
        .filter((name) => name === choice.name || world.partitions.includes(name));
      observer?.begin("partition", -1, choice, noCauses);
      return observe(system, world, () => ({ kind: "partition", name: choice.name }));
    case "heal":
      world.partitions = [];
      observer?.begin("heal", -1, choice, noCauses);
      return observe(system, world, () => ({ kind: "heal" }));
  }
}

function fire(taking: Taking<ChoiceOf<"fire">>): void {
  const { system, world, choice, observer } = taking;
  const number = system.nodeNumber(choice.node);
  const slot = world.nodes[number] as NodeSlot;
  const timer = slot.timers.find((pending) => pending.name === choice.timer);
  const causes = { via: "timer", cause: timer?.origin, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("fire", number, choice, causes);
  const left = { ...slot, timers: slot.timers.filter((pending) => pending !== timer) };
  const { definition } = system.nodes[number] as CompiledNode;
  handle(
    reacting(taking, number, "onTimer", choice.timer),
    left,
    definition.onTimer?.[choice.timer],
    [slot.state],
    origin,
  );
}

function choose(taking: Taking<ChoiceOf<"choose">>): void {
  const { system, world, choice, observer } = taking;
  const number = system.nodeNumber(choice.node);
  const slot = world.nodes[number] as NodeSlot;
  const asked = slot.pending.find((pending) => pending.label === choice.label);
  const causes = { via: "choice", cause: asked?.origin, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("choose", number, choice, causes);
  const left = { ...slot, pending: slot.pending.filter((pending) => pending !== asked) };
  const { definition } = system.nodes[number] as CompiledNode;
  const handler = definition.onChoice?.[choice.label];
  handle(reacting(taking, number, "onChoice", choice.label), left, handler, [slot.state, choice.option], origin);
}

function changeNode(taking: Taking<ChoiceOf<"flush" | "crash" | "recover">>): void {
  const { system, world, choice, observer } = taking;
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
  handle(reacting(taking, number, "recover"), slot, definition.recover, [slot.stable?.value], origin);
}
