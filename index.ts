export { encode, sameValue, UnusableValue, type Value } from "./sim/value.js";
export { NodeId, nodeId } from "./sim/node-id.js";
export { cancelTimer, choose, type Effect, emit, reply, save, saveLater, send, setTimer } from "./sim/effect.js";
export type { Call, Envelope, Message, Sender } from "./sim/message.js";
export { become, type AnyNode, type Context, defineNode, type NodeDefinition, type Reaction } from "./sim/node.js";
