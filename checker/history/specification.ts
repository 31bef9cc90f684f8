import type { Value } from "../../sim/value.js";
import type { Operation, Request } from "./operation.js";

/** What a request does to a state: the state after, and the answer if there is one to compare. */
export interface Applied<State> {
  readonly state: State;
  readonly output?: Value;
}

/** A request seen as a read or a write of one cell whose content is whatever was written last. */
export type CellAccess =
  | { readonly kind: "read"; readonly cell: Value }
  | { readonly kind: "write"; readonly cell: Value; readonly value: Value };

/**
 * A sequential specification: what an object does when it is used by one client at a time. Write one to have histories
 * of your own object judged.
 *
 * States are values, compared by content. `apply` is a pure function; it answers with a sentence where the request
 * cannot happen in that state at all (to acquire a lock that is held).
 */
export interface Specification<State> {
  readonly name: string;
  readonly initial: State;
  apply(state: State, request: Request): Applied<State> | string;
  /** Says what is wrong with a request that the object does not know, or null. */
  refusal(request: Request): string | null;
  /** The recorded answer in the form that `apply` gives, where they differ (a list that stands for a set). */
  answer?(request: Request, recorded: Value): Value;
  /** True only if a request with this answer never changes a state in which it can get that answer. */
  isRead?(request: Request, answer: Value): boolean;
  /** The part that a request works on, where the object is made of independent parts: a state is that of one part. */
  partitionBy?(request: Request): Value;
  /** Needed for large histories under the weaker models; null where the request is neither a read nor a write. */
  cell?(request: Request): CellAccess | null;
  /** A guess at the order in which operations took effect, low ranks first: it decides how fast a search is, no more. */
  ranks?(operations: readonly Operation[]): readonly number[];
  /** Whether it matters who asks. */
  readonly usesProcess?: boolean;
}

/** A specification of states of any type, as a checker holds it. */
export interface AnySpecification extends Omit<Specification<never>, "initial" | "apply"> {
  readonly initial: Value;
  apply(state: never, request: Request): Applied<Value> | string;
}
