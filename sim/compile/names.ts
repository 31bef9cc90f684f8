import { InvalidScenario } from "../invalid-scenario.js";
import { nearest } from "../nearest.js";
import { NodeId, nodeId } from "../node-id.js";
import type { AnyNode } from "../node.js";
import type { SystemDefinition } from "../scenario.js";

/** The participants of a definition, by name, number and role. */
export class Names {
  readonly nodes: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly participants: readonly NodeId[];
  readonly numbers = new Map<NodeId, number>();
  private readonly roles = new Map<string, number[]>();

  constructor(
    private readonly scenario: string,
    definition: SystemDefinition,
  ) {
    this.nodes = Object.keys(definition.nodes).map(nodeId);
    this.clients = Object.keys(definition.workload ?? {}).map(nodeId);
    this.participants = [...this.nodes, ...this.clients];
    if (this.nodes.length === 0) throw this.invalid("it has no nodes; give it at least one.");
    this.participants.forEach((id, number) => {
      if (this.numbers.has(id)) throw this.invalid(`a node and a client are both called ${id}; rename one.`);
      this.numbers.set(id, number);
    });
    this.nodes.forEach((id, number) => {
      const node: AnyNode | undefined = definition.nodes[String(id)];
      if (typeof node?.role !== "string" || typeof node.start !== "function" || typeof node.onMessage !== "object") {
        throw this.invalid(
          `the node ${id} is no node definition; make it with defineNode({ role, start, onMessage }).`,
        );
      }
      const known = this.roles.get(node.role);
      if (known === undefined) this.roles.set(node.role, [number]);
      else known.push(number);
    });
  }

  invalid(problem: string): InvalidScenario {
    return new InvalidScenario(this.scenario, problem);
  }

  ofRole(role: string): readonly number[] {
    return this.roles.get(role) ?? [];
  }

  nodeNumber(id: NodeId): number {
    const number = this.numbers.get(id);
    if (number !== undefined && number < this.nodes.length) return number;
    // Handlers get here through context.rank, and an id has no text for them.
    const [name, known] = [nameOf(id), this.nodes.map(nameOf)];
    const hint = nearest(name, known);
    throw this.invalid(
      `it has no node ${name}${hint === undefined ? "." : `; did you mean ${hint}?`} It has ${known.join(", ")}.`,
    );
  }

  roleNames(): string {
    return [...this.roles.keys()].join(", ");
  }

  /** The declared position of a node among those of its role. */
  rank(number: number): number {
    for (const numbers of this.roles.values()) {
      const rank = numbers.indexOf(number);
      if (rank >= 0) return rank;
    }
    return -1;
  }

  /** The number of the participant of this name. */
  exact(name: string): number {
    const number = this.participants.findIndex((id) => String(id) === name);
    if (number >= 0) return number;
    const hint = nearest(name, this.participants.map(String));
    throw this.invalid(
      `\`symmetric\` names "${name}", which is no node or client${hint === undefined ? "." : `; did you mean ${hint}?`}`,
    );
  }

  /** The numbers that one end of a link exception stands for: a name, a role, or `client` for all clients. */
  ends(end: string): readonly number[] {
    const exact = this.participants.findIndex((id) => String(id) === end);
    if (exact >= 0) return [exact];
    const numbers = end === "client" ? this.clients.map((id) => this.numbers.get(id) as number) : this.ofRole(end);
    if (numbers.length > 0 || end === "client") return numbers;
    const known = [...this.participants.map(String), ...this.roles.keys(), "client"];
    const hint = nearest(end, known);
    throw this.invalid(
      `a link names "${end}", which is no node, role or client${hint === undefined ? "" : `; did you mean ${hint}?`}`,
    );
  }
}

/** The name of an id, in user code too, where an id has no text. */
export function nameOf(id: NodeId): string {
  return id instanceof NodeId ? NodeId.textOf(id).slice(1) : String(id);
}
