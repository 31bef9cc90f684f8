import type { Outcome, Target } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";

/**
 * All that happened before what the outcome is made of. A message that a node lost while it was down is in its past too: had
 * the node been up, it would have got it.
 */
export function pastOf(machines: RunMachines, { roots, events }: Target, outcome: Outcome): number[] {
  const { trace } = machines;
  const open = [outcome.event, ...events];
  for (const root of roots) {
    if (root.kind === "seen") open.push(...machines.node(root.node).events.slice(0, root.inputs));
    if (root.kind === "sent") open.push(root.emission.event);
    if (root.kind === "did" || root.kind === "unanswered") open.push(root.event);
  }
  const past = new Set(open);
  for (let event = open.pop(); event !== undefined; event = open.pop()) {
    const causes = trace.causesOf(event).map((cause) => cause.event);
    for (const earlier of [...causes, ...inputBefore(machines, event)]) {
      if (past.has(earlier)) continue;
      past.add(earlier);
      open.push(earlier);
    }
  }
  return [...past].sort((a, b) => a - b);
}

/** What the node of an event got just before it. */
function inputBefore(machines: RunMachines, event: number): number[] {
  const node = machines.trace.participants.get(event);
  if (machines.trace.system.nodes[node] === undefined) return [];
  const { events, positions } = machines.node(node);
  const before = events[(positions.get(event) ?? 0) - 1];
  return before === undefined ? [] : [before];
}
