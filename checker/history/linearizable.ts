import { encode } from "../../sim/value.js";
import type { Culprit, HistoryJudgement, JudgeOptions } from "./judgement.js";
import { stopped } from "./judgement.js";
import { searchJustInTime } from "./just-in-time.js";
import type { History, Operation } from "./operation.js";
import type { AnySpecification } from "./specification.js";
import { answerOf, partition, productSpace, type StateSpace, stateSpace } from "./state-space.js";
import { timelineOf } from "./timeline.js";

/**
 * Whether the history is linearizable (Herlihy and Wing, 1990): whether each operation can be given one moment between
 * its invocation and its return, so that the answers are those of the specification in the order of these moments.
 *
 * An operation that failed took no effect; one of unknown outcome may have taken effect at any time after its
 * invocation, or never. Parts of the specification are judged one by one (linearizability is local), unless
 * `partition` is false. For the cost see `searchJustInTime`.
 */
export function linearizable(
  history: History,
  specification: AnySpecification,
  options: JudgeOptions = {},
): HistoryJudgement {
  const operations = history.filter((operation) => mayMatter(operation, specification));
  const whole = options.partition === false;
  const parts = whole ? [operations] : partition(specification, operations);
  const orders: (readonly Operation[])[] = [];
  for (const part of parts) {
    const space = whole ? productSpace(specification, part) : stateSpace(specification, part);
    const result = searchJustInTime(space, timelineOf(part), options.shouldStop ?? (() => false));
    if (result.kind === "stopped") return { kind: "unknown", limit: stopped };
    if (result.kind === "impossible") return violation(part, space, result.prefix);
    orders.push(result.order.map((i) => part[i] as Operation));
  }
  return { kind: "holds", order: merged(orders) };
}

/** Failed operations, and reads whose answer never came, say nothing. */
export function mayMatter(operation: Operation, specification: AnySpecification): boolean {
  if (operation.outcome === "ok") return true;
  return operation.outcome === "info" && specification.isRead?.(operation, undefined) !== true;
}

/**
 * One order from legal orders of the parts. An operation's moment is the latest invocation up to it in its part, which
 * lies before its return; sorting by these moments keeps each part's order and real time.
 */
function merged(orders: readonly (readonly Operation[])[]): readonly number[] {
  const moments: { readonly id: number; readonly moment: number }[] = [];
  for (const order of orders) {
    let moment = -1;
    for (const operation of order) {
      moment = Math.max(moment, operation.invoked);
      moments.push({ id: operation.id, moment });
    }
  }
  return moments.sort((a, b) => a.moment - b.moment).map(({ id }) => id);
}

function violation(part: readonly Operation[], space: StateSpace, found: readonly number[]): HistoryJudgement {
  const { prefix, state } = extended(part, space, found);
  const culprits: Culprit[] = minimal(part, new Set(prefix))
    .filter((i) => part[i]?.returned !== Infinity)
    .map((i) => ({ operation: part[i]?.id ?? 0, reason: space.reason(state, i) }));
  const ids = prefix.map((i) => part[i]?.id ?? 0);
  return { kind: "violated", prefix: ids, culprits, detail: sentence(part, prefix.length, culprits) };
}

/** Adds to a prefix what can still follow, so that what is left really cannot. */
function extended(part: readonly Operation[], space: StateSpace, found: readonly number[]) {
  const prefix = [...found];
  let state = space.initial;
  for (const i of prefix) state = space.next(state, i);
  for (;;) {
    const current = state;
    const more = minimal(part, new Set(prefix)).find(
      (i) => part[i]?.returned !== Infinity && space.next(current, i) >= 0,
    );
    if (more === undefined) return { prefix, state };
    prefix.push(more);
    state = space.next(state, more);
  }
}

/** The operations outside the prefix that no other operation outside it precedes in real time. */
function minimal(part: readonly Operation[], placed: ReadonlySet<number>): readonly number[] {
  let firstReturn = Infinity;
  part.forEach((operation, i) => {
    if (!placed.has(i)) firstReturn = Math.min(firstReturn, operation.returned);
  });
  return part.map((_, i) => i).filter((i) => !placed.has(i) && (part[i]?.invoked ?? 0) < firstReturn);
}

function sentence(part: readonly Operation[], length: number, culprits: readonly Culprit[]): string {
  const count = culprits.length === 1 ? "the one operation" : `each of the ${culprits.length} operations`;
  return (
    `No order of the ${part.length} operations fits their answers. The longest legal prefix has ${length} of them; ` +
    `${count} that could come next cannot follow it.`
  );
}

/** An operation in words: who did what, and what the answer was. */
export function describeOperation(operation: Operation, specification: AnySpecification): string {
  const { process, f, key, value, outcome } = operation;
  const argument = [...(key === null ? [] : [encode(key)]), ...(value === null ? [] : [encode(value)])].join(", ");
  const answer =
    outcome === "ok" ? answered(operation, specification) : ` (${outcome === "info" ? "unknown" : "failed"})`;
  return `process ${process}: ${f}(${argument})${answer}`;
}

function answered(operation: Operation, specification: AnySpecification): string {
  const isRead = specification.isRead?.(operation, answerOf(specification, operation)) === true;
  const echo = encode(operation.output) === encode(operation.value);
  return isRead || !echo ? ` -> ${encode(operation.output)}` : "";
}
