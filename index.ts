export { encode, sameValue, UnusableValue, type Value } from "./sim/value.js";
export { NodeId, nodeId } from "./sim/node-id.js";
