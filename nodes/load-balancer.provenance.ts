import { Map as IMap } from "immutable";
import type { Machine } from "../checker/provenance/machine.js";
import type { Specification } from "../checker/provenance/specification.js";

/** What a load balancer gets, with servers by name: a heartbeat, or a request that it routes. */
export type LoadBalancerInput =
  { readonly kind: "heartbeat"; readonly server: string; readonly load: number } | { readonly kind: "route" };

export interface LoadBalancerModel {
  /** In the order in which they win ties. */
  readonly servers: readonly string[];
  /** The load of a server that has not been heard of, as the bundled node has it; null if it then gets no requests. */
  readonly unheard: number | null;
}

/** The routing of `nodes/load-balancer.ts` as a state machine: its output is the server that is chosen. */
export function loadBalancerMachine({
  servers,
  unheard,
}: LoadBalancerModel): Machine<IMap<string, number>, LoadBalancerInput, string | null> {
  return {
    initial: IMap(),
    step: (state, input) => {
      if (input.kind === "heartbeat") return { state: state.set(input.server, input.load), output: null };
      return { state, output: chosen(servers, (server) => state.get(server) ?? unheard) };
    },
  };
}

function chosen(servers: readonly string[], loadOf: (server: string) => number | null): string | null {
  let best: { readonly server: string; readonly load: number } | undefined;
  for (const server of servers) {
    const load = loadOf(server);
    if (load !== null && (best === undefined || load < best.load)) best = { server, load };
  }
  return best?.server ?? null;
}

/**
 * Whittaker et al. (SoCC 2018, section 4.2): the latest heartbeat of the chosen server. Unsound: without the heartbeats
 * by which the others reported more load, an older and smaller load of theirs would come back.
 */
export function loadBalancerProvenance(model: LoadBalancerModel): Specification<LoadBalancerInput> {
  return (trace, input) => {
    if (input.kind !== "route") return [[]];
    const winner = winnerOf(model, trace);
    const latest = trace.findLastIndex((request) => request.kind === "heartbeat" && request.server === winner);
    return latest < 0 ? [[]] : [[latest]];
  };
}

function winnerOf({ servers, unheard }: LoadBalancerModel, trace: readonly LoadBalancerInput[]): string | null {
  const loads = new Map<string, number>();
  for (const request of trace) if (request.kind === "heartbeat") loads.set(request.server, request.load);
  return chosen(servers, (server) => loads.get(server) ?? unheard);
}

/**
 * The corrected rule, exactly the minimal closed witnesses. For some threshold, the winner's load is at most that, and each
 * other server's more (or equal, where the winner wins the tie). A server for which that always held needs nothing;
 * another needs one heartbeat after its last that violated it.
 */
export function correctedLoadBalancerProvenance(model: LoadBalancerModel): Specification<LoadBalancerInput> {
  return (trace, input) => {
    if (input.kind !== "route") return [[]];
    const winner = winnerOf(model, trace);
    if (winner === null) return [[]];
    const loads = trace.flatMap((request) => (request.kind === "heartbeat" ? [request.load] : []));
    const thresholds = new Set(model.unheard === null ? loads : [model.unheard, ...loads]);
    return minimal([...thresholds].flatMap((threshold) => witnessesBelow(model, trace, winner, threshold)));
  };
}

function witnessesBelow(
  model: LoadBalancerModel,
  trace: readonly LoadBalancerInput[],
  winner: string,
  threshold: number,
): readonly (readonly number[])[] {
  const isTieWon = (server: string): boolean => model.servers.indexOf(winner) < model.servers.indexOf(server);
  let witnesses: readonly (readonly number[])[] = [[]];
  for (const server of model.servers) {
    const isFine = (load: number | null): boolean => {
      if (server === winner) return load !== null && load <= threshold;
      return load === null || load > threshold || (load === threshold && isTieWon(server));
    };
    const alternatives = waysToKeep(trace, server, isFine, model.unheard);
    witnesses = witnesses.flatMap((witness) => alternatives.map((one) => [...witness, ...one]));
  }
  return witnesses;
}

/** The sets of one heartbeat, or none, that keep a server's load fine whatever else is left out. */
function waysToKeep(
  trace: readonly LoadBalancerInput[],
  server: string,
  isFine: (load: number | null) => boolean,
  unheard: number | null,
): readonly (readonly number[])[] {
  let ways: readonly (readonly number[])[] = isFine(unheard) ? [[]] : [];
  let isUntouched = ways.length > 0;
  trace.forEach((request, k) => {
    if (request.kind !== "heartbeat" || request.server !== server) return;
    if (!isFine(request.load)) {
      ways = [];
      isUntouched = false;
    } else if (!isUntouched) ways = [...ways, [k]];
  });
  return ways;
}

function minimal(witnesses: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const sorted = witnesses.map((witness) => [...witness].sort((a, b) => a - b));
  const different = [...new Map(sorted.map((witness) => [witness.join(), witness])).values()];
  return different.filter(
    (one) => !different.some((other) => other !== one && other.every((position) => one.includes(position))),
  );
}
