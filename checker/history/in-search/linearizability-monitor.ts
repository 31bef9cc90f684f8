import { List, Map as ImmutableMap, Record } from "immutable";
import type { Observation } from "../../../sim/monitor.js";
import type { NodeId } from "../../../sim/node-id.js";
import { byCodeUnits, encode, sameValue, type Value } from "../../../sim/value.js";
import type { Request } from "../operation.js";
import type { AnySpecification } from "../specification.js";
import type { HistoryMonitor } from "./client-objects.js";
import { type ClientOperations, describeRequest, requestOf } from "./client-operations.js";

/** An operation that is open: not placed yet, or placed with the answer that it must then give. */
class Open extends Record({ request: null as Value, isPlaced: false, hasAnswer: false, answer: null as Value }) {}

/** One way in which the operations so far may have taken effect. */
class Configuration extends Record({
  state: null as Value,
  open: ImmutableMap<NodeId, Open>(),
  /** Operations that were given up before they were placed, with how many of each: they may take effect later. */
  lost: ImmutableMap<string, { readonly request: Request; readonly count: number }>(),
}) {}

/** The configurations of each part of the object, and the first answer that none of them allows. */
export class Progress extends Record({
  parts: ImmutableMap<string, List<Configuration>>(),
  violation: null as string | null,
}) {}

/**
 * Follows linearizability along a run: its value is the set of ways in which the operations that have returned can have
 * taken effect, with the state that each leads to; what has returned is forgotten. It is violated when none is left.
 *
 * An operation is placed when a return forces it, or before one that is forced (just-in-time linearization, Lowe, 2017).
 */
export function linearizabilityMonitor(name: string, operations: ClientOperations): HistoryMonitor<Progress> {
  return { name, start: new Progress(), operations, on: (progress, event) => follow(progress, event, operations) };
}

function follow(progress: Progress, event: Observation, operations: ClientOperations): Progress {
  if (progress.violation !== null) return progress;
  if (event.kind !== "invoke" && event.kind !== "return" && event.kind !== "give-up") return progress;
  const request = requestOf(operations, event.client, event.request);
  if (request === null) return progress;
  const { specification } = operations;
  const part = encode(specification.partitionBy?.(request) ?? null);
  const before = progress.parts.get(part) ?? List([new Configuration({ state: specification.initial })]);
  const { client } = event;
  if (event.kind === "invoke") {
    const after = before.map((configuration) => opened(configuration, client, request));
    return withPart(progress, part, after);
  }
  const answer = event.kind === "return" ? operations.answer(event.reply, event.request) : undefined;
  if (answer === undefined) {
    const after = before.map((configuration) => givenUp(configuration, client, request, specification));
    return withPart(progress, part, after);
  }
  const fitting = specification.answer === undefined ? answer : specification.answer(request, answer);
  const after = before.flatMap((configuration) => settled(configuration, client, fitting, specification));
  if (!after.isEmpty()) return withPart(progress, part, after);
  const sentence = `${String(client)}:${event.index} answered ${encode(answer)} to ${describeRequest(request)}, which no order of the operations allows`;
  return new Progress({ violation: sentence });
}

/** Equal configurations are one, and stand in the order of their texts, so that equal sets are equal lists. */
function withPart(progress: Progress, part: string, configurations: Iterable<Configuration>): Progress {
  const distinct = new Map([...configurations].map((configuration) => [encode(configuration), configuration]));
  const sorted = [...distinct].sort(([a], [b]) => byCodeUnits(a, b)).map(([, configuration]) => configuration);
  return progress.set("parts", progress.parts.set(part, List(sorted)));
}

function opened(configuration: Configuration, client: NodeId, request: Request): Configuration {
  return configuration.set("open", configuration.open.set(client, new Open({ request })));
}

/** What was placed stays so; what was not may still take effect, unless it only reads. */
function givenUp(
  configuration: Configuration,
  client: NodeId,
  request: Request,
  specification: AnySpecification,
): Configuration {
  const isPlaced = configuration.open.get(client)?.isPlaced === true;
  const without = configuration.set("open", configuration.open.delete(client));
  if (isPlaced || specification.isRead?.(request, undefined) === true) return without;
  const name = encode(request);
  const count = (without.lost.get(name)?.count ?? 0) + 1;
  return without.set("lost", without.lost.set(name, { request, count }));
}

/** All configurations after the client's operation has returned with that answer. */
function settled(
  configuration: Configuration,
  client: NodeId,
  answer: Value,
  specification: AnySpecification,
): readonly Configuration[] {
  const open = configuration.open.get(client);
  if (open === undefined) return [];
  if (open.isPlaced) {
    const fits = !open.hasAnswer || sameValue(open.answer, answer);
    return fits ? [configuration.set("open", configuration.open.delete(client))] : [];
  }
  const results = [...placed(configuration, client, open, specification)].flatMap((after) =>
    settled(after, client, answer, specification),
  );
  for (const [other, waiting] of configuration.open) {
    if (other === client || waiting.isPlaced) continue;
    for (const after of placed(configuration, other, waiting, specification)) {
      results.push(...settled(after, client, answer, specification));
    }
  }
  for (const [name, { request, count }] of configuration.lost) {
    const applied = specification.apply(configuration.state as never, request);
    if (typeof applied === "string" || sameValue(applied.state, configuration.state)) continue;
    const lost =
      count === 1 ? configuration.lost.delete(name) : configuration.lost.set(name, { request, count: count - 1 });
    results.push(...settled(configuration.merge({ state: applied.state, lost }), client, answer, specification));
  }
  return results;
}

/** The configuration after an open operation has taken effect: one, or none where it cannot. */
function placed(
  configuration: Configuration,
  client: NodeId,
  open: Open,
  specification: AnySpecification,
): readonly Configuration[] {
  const applied = specification.apply(configuration.state as never, open.request as Request);
  if (typeof applied === "string") return [];
  const hasAnswer = applied.output !== undefined;
  // The request of what is placed is of no more use; to keep it would keep worlds apart.
  const after = new Open({ isPlaced: true, hasAnswer, answer: hasAnswer ? applied.output : null });
  return [configuration.merge({ state: applied.state, open: configuration.open.set(client, after) })];
}
