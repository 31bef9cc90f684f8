import type { AnyBag, Bag } from "./baggage.js";
import type { Effect } from "./effect.js";
import type { Message, Sender } from "./message.js";
import type { NodeId } from "./node-id.js";
import { isFields } from "./shown.js";

/** All that a handler may know of the outside: itself and its peers. There is no clock and no dice here. */
export interface Context {
  readonly self: NodeId;
  /** All other nodes, in declared order. */
  readonly peers: readonly NodeId[];
  /** The nodes of a role in declared order, this one included if it has the role. */
  role(name: string): readonly NodeId[];
  /** The declared position among the nodes of its role: the only order among nodes. Using it makes the role asymmetric. */
  rank(node: NodeId): number;
  /** The value of an active bag that the node declares in `reads`. */
  read<T>(bag: Bag<T>): T;
}

/** A handler's answer: the state after, and what it asks for. */
export interface Reaction<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

type Handlers<State, Received extends Message> = {
  readonly [Kind in Received["kind"]]: (
    state: State,
    message: Extract<Received, { readonly kind: Kind }>,
    from: Sender,
    context: Context,
  ) => Reaction<State>;
};

/**
 * A node: a role and pure functions from state and input to state and effects. Only `start` and `onMessage` are needed.
 *
 * `Received` is the union of the messages it may get; a kind without a handler does not compile.
 */
export interface NodeDefinition<State, Received extends Message = Message, Saved = unknown> {
  /** Alike nodes share a role. */
  readonly role: string;
  readonly start: (context: Context) => Reaction<State>;
  readonly onMessage: Handlers<State, Received>;
  readonly onTimer?: { readonly [timer: string]: (state: State, context: Context) => Reaction<State> };
  readonly onChoice?: {
    readonly [label: string]: (state: State, option: never, context: Context) => Reaction<State>;
  };
  /** Starts the node again after a crash, from what it saved last; without it the node cannot recover. */
  readonly recover?: (saved: Saved | undefined, context: Context) => Reaction<State>;
  /** Active bags whose values the handlers read through `context.read`. */
  readonly reads?: readonly AnyBag[];
  /** A rule for which earlier messages made it answer one as it did. Optional: `why` finds that out exactly by itself. */
  readonly provenance?: ProvenanceRule<Received>;
}

/** A message as a node got it. */
export interface Delivered<Received extends Message = Message> {
  readonly message: Received;
  readonly from: NodeId;
}

/**
 * The witnesses of an answer, as positions (from 0) of the messages before it; undefined where the rule says nothing. A
 * wat-provenance specification in the sense of Whittaker et al. (SoCC 2018, section 4).
 */
export type ProvenanceRule<Received extends Message = Message> = (
  earlier: readonly Delivered<Received>[],
  input: Delivered<Received>,
  context: Context,
) => readonly (readonly number[])[] | undefined;

/** A node of any state and messages, as a scenario holds it. */
export interface AnyNode {
  readonly role: string;
  readonly start: (context: Context) => Reaction<unknown>;
  readonly onMessage: {
    readonly [kind: string]: (state: never, message: never, from: Sender, context: Context) => Reaction<unknown>;
  };
  readonly onTimer?: { readonly [timer: string]: (state: never, context: Context) => Reaction<unknown> };
  readonly onChoice?: {
    readonly [label: string]: (state: never, option: never, context: Context) => Reaction<unknown>;
  };
  readonly recover?: (saved: never, context: Context) => Reaction<unknown>;
  readonly reads?: readonly AnyBag[];
  readonly provenance?: ProvenanceRule<never>;
}

/** Declares a node; the type arguments check its handlers. */
export function defineNode<State, Received extends Message = Message, Saved = unknown>(
  definition: NodeDefinition<State, Received, Saved>,
): NodeDefinition<State, Received, Saved> {
  const { onMessage, onTimer, onChoice } = definition;
  return {
    ...definition,
    onMessage: byOwnNames(onMessage),
    ...(onTimer === undefined ? {} : { onTimer: byOwnNames(onTimer) }),
    ...(onChoice === undefined ? {} : { onChoice: byOwnNames(onChoice) }),
  };
}

/** The same handlers without a prototype, where a message of the kind `constructor` would find one. */
function byOwnNames<Handlers extends object>(handlers: Handlers): Handlers {
  return isFields(handlers) ? Object.assign(Object.create(null) as Handlers, handlers) : handlers;
}

/** The reaction of a handler: the state after, and effects in the order in which they are to be applied. */
export function become<State>(state: State, ...effects: readonly Effect[]): Reaction<State> {
  return { state, effects };
}
