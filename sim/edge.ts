/**
 * The kinds of causal edges along which the kernel moves contexts.
 *
 * - `message`: sending to delivery, requests and replies of clients included
 * - `duplicate`: a message to the copy that the network made of it
 * - `timer`: setting to firing; `choice`: asking to taking
 * - `program`: an event to the next one on the same node or client
 * - `storage`: saving to the recovery that reads it
 * - `fault`: a crash to its recovery, a partition to its healing
 */
export type EdgeKind = "message" | "duplicate" | "timer" | "choice" | "program" | "storage" | "fault";

/** All of them: what Lamport's happened-before follows. */
export const everyEdge: readonly EdgeKind[] = [
  "message",
  "duplicate",
  "timer",
  "choice",
  "program",
  "storage",
  "fault",
];
