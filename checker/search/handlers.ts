import type { Choice } from "../../sim/choice.js";
import { type FaultKind, faultKinds } from "../../sim/fault.js";
import type { CompiledNode, System } from "../../sim/system.js";
import type { NodeSlot } from "../../sim/world.js";
import type { Coverage } from "../verdict.js";
import { namesOfClasses, type StateClass, stateClass } from "./outlook/state-class.js";

/** In which classes of its node's local states a handler has run, of those that were visited, and in which never. */
export interface HandlerCoverage {
  /** As `role.onMessage.kind`. */
  readonly handler: string;
  readonly ranIn: readonly string[];
  readonly neverIn: readonly string[];
}

/** Keeps which handlers have run, in which local states, which faults have happened, and which clients were answered. */
export class HandlersRun {
  private readonly run = new Set<string>();
  private readonly faults = new Set<string>();
  /** The classes of local states of each role, by their keys; and the pairs of handler and key. */
  private readonly classes = new Map<string, Map<string, StateClass>>();
  private readonly pairs = new Set<string>();
  private readonly asking = new Set<string>();
  private readonly answered = new Set<string>();

  /** What was visited last, which often is asked for again. */
  private last: { readonly node: number; readonly slot: NodeSlot | undefined; readonly key: string } = {
    node: -1,
    slot: undefined,
    key: "",
  };

  constructor(private readonly system: System) {}

  /** @param slotOf gives a node's slot before the choice. */
  see(choice: Choice, slotOf: (node: number) => NodeSlot | undefined): void {
    this.faults.add(choice.kind);
    this.seeClient(choice);
    const found = this.handlerOf(choice);
    if (found === undefined) return;
    const slot = slotOf(found.node);
    // What reaches a node that is down is lost.
    if (choice.kind === "deliver" && slot?.up === false) return;
    this.run.add(found.handler);
    if (slot !== undefined) this.pairs.add(`${found.handler} ${this.visit(found.node, slot)}`);
  }

  /** Takes in all choices that a participant has in one own state, which is given if it is a node. */
  seeAll(participant: number, own: NodeSlot | undefined, choices: readonly Choice[]): void {
    if (own !== undefined) this.visit(participant, own);
    for (const choice of choices) this.see(choice, () => own);
  }

  private seeClient(choice: Choice): void {
    if (choice.kind === "invoke") this.asking.add(String(choice.client));
    if (choice.kind !== "deliver") return;
    const { to, call } = choice.message;
    const answers = typeof call === "object" && call !== null && (call as { readonly client?: unknown }).client === to;
    if (answers) this.answered.add(String(to));
  }

  /** Takes in that a node is in this local state, whatever handlers run there. Gives the key of its class. */
  visit(node: number, slot: NodeSlot): string {
    if (!slot.up) return "";
    if (slot === this.last.slot && node === this.last.node) return this.last.key;
    const role = this.roleOf(node);
    const found = stateClass(slot.state);
    const key = JSON.stringify(found);
    const known = this.classes.get(role) ?? new Map<string, StateClass>();
    this.classes.set(role, known.set(key, found));
    this.last = { node, slot, key };
    return key;
  }

  /** What a verdict tells of it. */
  coverage(): Pick<Coverage, "neverRun" | "neverReturned" | "handlers" | "faultsNeverSeen"> {
    return {
      neverRun: this.neverRun(),
      neverReturned: this.neverReturned(),
      handlers: this.byState(),
      faultsNeverSeen: this.faultsNeverSeen(),
    };
  }

  /** The clients that ask and are never answered, in declared order. */
  private neverReturned(): string[] {
    const clients = this.system.clients.map(({ id }) => String(id));
    return clients.filter((client) => this.asking.has(client) && !this.answered.has(client));
  }

  /** The handlers that never ran, as `role.onMessage.kind`, in declared order. */
  private neverRun(): string[] {
    return this.declared()
      .map(({ handler }) => handler)
      .filter((name) => !this.run.has(name));
  }

  /** For each handler but `recover`, which runs in no state: where it ran. In declared order. */
  private byState(): HandlerCoverage[] {
    return this.declared().flatMap(({ handler, role, isRecover }) => {
      if (isRecover) return [];
      const known = this.classes.get(role) ?? new Map<string, StateClass>();
      const names = namesOfClasses([...known.values()]);
      const [ran, all] = [new Set<string>(), new Set(names)];
      [...known.keys()].forEach((key, i) => {
        if (this.pairs.has(`${handler} ${key}`)) ran.add(names[i] as string);
      });
      const sorted = [...all].sort();
      return [
        { handler, ranIn: sorted.filter((name) => ran.has(name)), neverIn: sorted.filter((name) => !ran.has(name)) },
      ];
    });
  }

  /** The kinds of faults that have a budget and never happened. */
  private faultsNeverSeen(): FaultKind[] {
    return faultKinds.filter((kind) => (this.system.faults[kind] ?? 0) !== 0 && !this.faults.has(kind));
  }

  private handlerOf(choice: Choice): { readonly handler: string; readonly node: number } | undefined {
    switch (choice.kind) {
      case "deliver": {
        const { to, message } = choice.message;
        const node = this.system.numberOf(to) as number;
        return node < this.system.nodes.length ? this.named(node, `onMessage.${message.kind}`) : undefined;
      }
      case "fire":
        return this.named(this.system.nodeNumber(choice.node), `onTimer.${choice.timer}`);
      case "choose":
        return this.named(this.system.nodeNumber(choice.node), `onChoice.${choice.label}`);
      case "recover":
        return this.named(this.system.nodeNumber(choice.node), "recover");
      default:
        return undefined;
    }
  }

  private named(node: number, part: string): { readonly handler: string; readonly node: number } {
    return { handler: `${this.roleOf(node)}.${part}`, node };
  }

  private roleOf(number: number): string {
    return (this.system.nodes[number] as CompiledNode).definition.role;
  }

  /** All handlers, once each. */
  private declared(): readonly Declared[] {
    const all = this.system.nodes.flatMap(({ definition }) => handlersOf(definition));
    return [...new Map(all.map((one) => [one.handler, one])).values()];
  }
}

interface Declared {
  readonly handler: string;
  readonly role: string;
  readonly isRecover: boolean;
}

function handlersOf(node: CompiledNode["definition"]): Declared[] {
  const { role } = node;
  const named = (part: "onMessage" | "onTimer" | "onChoice"): Declared[] =>
    Object.keys(node[part] ?? {}).map((name) => ({ handler: `${role}.${part}.${name}`, role, isRecover: false }));
  const recover = node.recover === undefined ? [] : [{ handler: `${role}.recover`, role, isRecover: true }];
  return [...named("onMessage"), ...named("onTimer"), ...named("onChoice"), ...recover];
}
