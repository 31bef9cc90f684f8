import { isInsideNode } from "./guard.js";

/**
 * The name of a node or a client: an opaque value.
 *
 * Two ids are equal when they are the same object (there is one per name). An id has no order and no text operations
 * inside handlers, so that alike nodes can be exchanged; elsewhere it prints as its name.
 */
export class NodeId {
  readonly #text: string;
  readonly #name: string;
  readonly #hash: number;

  private constructor(name: string, hash: number) {
    this.#name = name;
    this.#hash = hash;
    this.#text = `@${name}`;
    Object.freeze(this);
  }

  static readonly #all = new Map<string, NodeId>();

  static named(name: string): NodeId {
    const known = NodeId.#all.get(name);
    if (known !== undefined) return known;
    if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
      throw new Error(`"${name}" cannot name a node: use letters, digits, ".", "-" and "_", starting with a letter.`);
    }
    const id = new NodeId(name, hash(name));
    NodeId.#all.set(name, id);
    return id;
  }

  equals(other: unknown): boolean {
    return this === other;
  }

  hashCode(): number {
    return this.#hash;
  }

  /** Its canonical text, for the names of choices. */
  get text(): string {
    return isInsideNode() ? this.#refuse() : this.#text;
  }

  toString(): string {
    return isInsideNode() ? this.#refuse() : this.#name;
  }

  #refuse(): never {
    throw new Error(
      `A handler uses the NodeId of ${this.#name} as text or compares it by order. Ids only have equality, ` +
        "so that alike nodes can be exchanged; break ties by context.rank(id).",
    );
  }

  /** The canonical text of an id, wherever it is asked for: for the kernel's own encoding and error messages. */
  static textOf(id: NodeId): string {
    return id.#text;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Depends on the name alone, or collections of ids would be iterated differently from one process to the next. */
function hash(name: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) sum = Math.imul(sum ^ name.charCodeAt(i), 0x01000193);
  return sum >>> 2;
}

/** The id of the node or client of this name. @throws for a name with other characters than letters, digits, `.-_`. */
export function nodeId(name: string): NodeId {
  return NodeId.named(name);
}

export function isNodeId(value: object): value is NodeId {
  return value instanceof NodeId;
}
