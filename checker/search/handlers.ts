import type { Choice } from "../../sim/choice.js";
import type { CompiledNode, System } from "../../sim/system.js";

/** Keeps which handlers have run, by role. */
export class HandlersRun {
  private readonly run = new Set<string>();

  constructor(private readonly system: System) {}

  see(choice: Choice): void {
    const name = this.nameOf(choice);
    if (name !== undefined) this.run.add(name);
  }

  /** The handlers that never ran, as `role.onMessage.kind`, in declared order. */
  neverRun(): string[] {
    const all = new Set(this.system.nodes.flatMap(({ definition }) => handlersOf(definition)));
    return [...all].filter((name) => !this.run.has(name));
  }

  private nameOf(choice: Choice): string | undefined {
    switch (choice.kind) {
      case "deliver": {
        const { to, message } = choice.message.envelope;
        const number = this.system.numberOf(to) as number;
        return number < this.system.nodes.length ? `${this.roleOf(number)}.onMessage.${message.kind}` : undefined;
      }
      case "fire":
        return `${this.roleOf(this.system.nodeNumber(choice.node))}.onTimer.${choice.timer}`;
      case "choose":
        return `${this.roleOf(this.system.nodeNumber(choice.node))}.onChoice.${choice.label}`;
      case "recover":
        return `${this.roleOf(this.system.nodeNumber(choice.node))}.recover`;
      default:
        return undefined;
    }
  }

  private roleOf(number: number): string {
    return (this.system.nodes[number] as CompiledNode).definition.role;
  }
}

function handlersOf(node: CompiledNode["definition"]): string[] {
  const named = (part: "onMessage" | "onTimer" | "onChoice"): string[] =>
    Object.keys(node[part] ?? {}).map((name) => `${node.role}.${part}.${name}`);
  const recover = node.recover === undefined ? [] : [`${node.role}.recover`];
  return [...named("onMessage"), ...named("onTimer"), ...named("onChoice"), ...recover];
}
