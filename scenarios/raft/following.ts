import { emit, reply } from "../../sim/effect.js";
import type { Sender } from "../../sim/message.js";
import { become, type Reaction } from "../../sim/node.js";
import type { Rules } from "./rules.js";
import { type Append, follower, type Server, termAt } from "./state.js";

/** Takes over a leader's entries where the log has what comes before them, and answers. */
export function hearAppend(rules: Rules, state: Server, message: Append, from: Sender): Reaction<Server> {
  if (message.term < state.term) return become(state);
  const server = state.role === "follower" && message.term === state.term ? state : follower(state, message.term);
  const { term, previous, entries } = message;
  if (!rules.skipsLogCheck && !hasPrevious(server, message)) {
    return rules.settled(server, reply(from, { kind: "mismatch", term, previous }));
  }
  const { state: appended, effects } = accept(server, message);
  return rules.settled(appended, ...effects, reply(from, { kind: "appended", term, match: previous + entries.size }));
}

function hasPrevious({ log }: Server, { previous, previousTerm }: Append): boolean {
  return previous <= log.size && termAt(log, previous) === previousTerm;
}

/** Writes the entries over what contradicts them, keeping what follows when nothing does: the message may be an old one. */
function accept(state: Server, { previous, entries, committed }: Append): Reaction<Server> {
  let log = state.log;
  entries.forEach((entry, i) => {
    const position = previous + i + 1;
    if (termAt(log, position) !== entry.term) log = log.take(position - 1).push(entry);
  });
  const known = Math.max(state.committed, Math.min(committed, previous + entries.size));
  const applied = log
    .slice(state.committed, known)
    .map((entry, i) => emit("applied", { position: state.committed + i + 1, entry }));
  return become(state.merge({ log, committed: known }), ...applied);
}
