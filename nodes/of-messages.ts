import type { Message } from "../sim/message.js";
import type { ProvenanceRule } from "../sim/node.js";

/** A specification over the contents of messages as a node's rule; it says nothing where a message is none that it covers. */
export function ofMessages<Received extends Message>(
  specification: (trace: readonly Received[], input: Received) => readonly (readonly number[])[],
  covers: (message: Received) => boolean = () => true,
): ProvenanceRule<Received> {
  return (earlier, { message }) => {
    const trace = earlier.map((delivered) => delivered.message);
    return covers(message) && trace.every(covers) ? specification(trace, message) : undefined;
  };
}
