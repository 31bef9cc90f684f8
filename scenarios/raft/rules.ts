import { choose, type Effect, save } from "../../sim/effect.js";
import { become, type Reaction } from "../../sim/node.js";
import { Saved, type Server } from "./state.js";

export interface RaftOptions {
  /** Nobody stands for a later term. */
  readonly terms: number;
  /** No leader takes a command when its log has so many. */
  readonly entries: number;
  /** What goes wrong, on purpose. */
  readonly bug: "none" | "forgets-vote" | "commits-earlier-term" | "skips-log-check";
}

/** What all handlers of a server share. */
export interface Rules {
  /** The reaction with this state after: it is saved, and what the server may choose is offered anew. */
  readonly settled: (state: Server, ...effects: readonly Effect[]) => Reaction<Server>;
  /** Whether entries of earlier terms are committed by counting who has them: the mistake of the paper's figure 8. */
  readonly countsEarlierTerms: boolean;
  /** Whether entries are appended whatever the log has before them. */
  readonly skipsLogCheck: boolean;
}

export function rulesOf({ terms, entries, bug }: RaftOptions): Rules {
  const persisted = ({ term, votedFor, log }: Server): Effect =>
    save(new Saved({ term, votedFor: bug === "forgets-vote" ? null : votedFor, log }));
  /** A choice without options is withdrawn. */
  const offers = ({ role, term, log }: Server): Effect[] => [
    choose("timeout", role !== "leader" && term < terms ? ["stand"] : []),
    choose("command", role === "leader" && log.size < entries ? ["append"] : []),
  ];
  return {
    settled: (state, ...effects) => become(state, persisted(state), ...offers(state), ...effects),
    countsEarlierTerms: bug === "commits-earlier-term",
    skipsLogCheck: bug === "skips-log-check",
  };
}
