import { Map, Record } from "immutable";
import { send } from "../sim/effect.js";
import type { Message, Sender } from "../sim/message.js";
import { correctedLoadBalancerProvenance, type LoadBalancerInput } from "./load-balancer.provenance.js";
import { become, type Context, defineNode, type Delivered, type ProvenanceRule, type Reaction } from "../sim/node.js";
import type { NodeId } from "../sim/node-id.js";
import type { Heartbeat } from "./heartbeat.js";

/** What a load balancer has heard: the latest load of each server, and, if it is sticky, each client's server. */
export class LoadBalancerState extends Record({ loads: Map<NodeId, number>(), sessions: Map<NodeId, NodeId>() }) {}

/** A request on its way to a server; the server answers the client itself. */
export interface Forwarded<Request extends Message = Message> {
  readonly kind: "forwarded";
  readonly request: Request;
  readonly client: Sender;
}

interface LoadBalancerOptions {
  /** The kinds of requests that it forwards. */
  readonly requests: readonly string[];
  /** The role of the servers; `server` unless given. */
  readonly servers?: string;
  /** All requests of a client go to the server of its first one. */
  readonly sticky?: boolean;
}

/**
 * A node that forwards each request to the server with the least load by its latest heartbeat; a server that has not been
 * heard of has load 0, and ties go to the first in declared order.
 */
export function loadBalancer({ requests, servers = "server", sticky = false }: LoadBalancerOptions) {
  const forward = (
    state: LoadBalancerState,
    request: Message,
    client: Sender,
    context: Context,
  ): Reaction<LoadBalancerState> => {
    const server = (sticky ? state.sessions.get(client.node) : undefined) ?? leastLoaded(state, context.role(servers));
    const next = sticky ? state.set("sessions", state.sessions.set(client.node, server)) : state;
    return become(next, send<Forwarded>(server, { kind: "forwarded", request, client }));
  };
  return defineNode<LoadBalancerState, Message>({
    role: "load-balancer",
    // A sticky one routes by what it did before.
    ...(sticky ? {} : { provenance: routing(servers) }),
    start: () => become(new LoadBalancerState()),
    onMessage: {
      heartbeat: (state: LoadBalancerState, message: Message, from: Sender) =>
        become(state.set("loads", state.loads.set(from.node, (message as Heartbeat).load))),
      ...Object.fromEntries(requests.map((kind) => [kind, forward])),
    },
  });
}

/** Why a request was sent where it was: the corrected rule, which names heartbeats by their senders. */
function routing(servers: string): ProvenanceRule {
  return (earlier, input, context) => {
    const seen = ({ message, from }: Delivered): LoadBalancerInput =>
      message.kind === "heartbeat"
        ? { kind: "heartbeat", server: String(from), load: (message as Heartbeat).load }
        : { kind: "route" };
    const specification = correctedLoadBalancerProvenance({ servers: context.role(servers).map(String), unheard: 0 });
    return specification(earlier.map(seen), seen(input));
  };
}

function leastLoaded(state: LoadBalancerState, servers: readonly NodeId[]): NodeId {
  const loadOf = (server: NodeId) => state.loads.get(server) ?? 0;
  const [first, ...others] = servers;
  if (first === undefined)
    throw new Error("There is no server to forward to: give at least one node the servers' role.");
  return others.reduce((least, server) => (loadOf(server) < loadOf(least) ? server : least), first);
}
