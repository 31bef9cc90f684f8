import { expect, test } from "vitest";
import { paxos } from "../../scenarios/paxos.js";
import { visitAll } from "./brute-force.js";
import { searched } from "./searched.js";

// Three acceptors and two proposers. The counts were first met by three throwaway prototypes of the search engine; the
// model below, over bits, is a road of its own.
const lossless = { states: 101_408, transitions: 518_682, depth: 24 };
const lossy = { states: 895_971, transitions: 7_159_994, depth: 24 };

test("Paxos has 101,408 states, and agrees", () => {
  const verdict = searched(paxos);

  expect(verdict).toMatchObject({ kind: "holds", coverage: { ...lossless, neverReached: [], neverRun: [] } });
});

test("Paxos over a network that loses messages has 895,971 states, and agrees", () => {
  const verdict = searched(paxos, { faults: { drop: "any" } });

  expect(verdict).toMatchObject({ kind: "holds", coverage: { ...lossy, neverReached: [], neverRun: [] } });
});

test("Paxos written out by hand has as many states", () => {
  expect(visitAll(initial, (state) => successors(state, { isLossy: false }))).toEqual(lossless);
});

test("Paxos written out by hand has as many states over a network that loses messages", () => {
  expect(visitAll(initial, (state) => successors(state, { isLossy: true }))).toEqual(lossy);
});

test("without promises two proposers decide differently", () => {
  const verdict = searched(paxos, { parameters: { promise: "off" } });

  // Eighteen steps: each proposer begins, and has four messages to and four messages from its majority.
  expect(verdict).toMatchObject({
    kind: "violated",
    witness: { property: "no two proposers decide on different values", step: 18 },
  });
});

test("with one proposer there is no competition, and it decides on its own value", () => {
  const verdict = searched(paxos, { parameters: { proposers: 1, promise: "off" } });

  expect(verdict).toMatchObject({ kind: "holds", coverage: { neverReached: [] } });
});

/**
 * A state is a number: 30 bits of messages in flight, then the acceptors and the proposers in mixed radix.
 *
 * The largest is below 2^53. Each message is sent at most once, so a bit says whether it is in flight. Ballots and values are 1 and 2.
 */
interface Unpacked {
  messages: number;
  readonly promised: number[];
  /** 0, or 1 for value 1 in ballot 1, 2 for value 1 in ballot 2, 3 for value 2 in ballot 2. */
  readonly votes: number[];
  /** Per proposer: idle, preparing, accepting, decided. */
  readonly phases: number[];
  /** Per proposer: the bit of the acceptor that has answered in this phase; two are a majority, and end it. */
  readonly answers: number[];
  /** Per proposer: the highest vote reported while preparing, then the value. */
  readonly values: number[];
}

const initial: number = 0;
const everybody = [0, 1, 2];
const bit = {
  prepare: (p: number, a: number) => p * 3 + a,
  promise: (p: number, a: number, vote: number) => 6 + (p === 0 ? a : 3 + a * 2 + vote),
  accept: (p: number, a: number, value: number) => 15 + (p === 0 ? a : 3 + a * 2 + value - 1),
  accepted: (p: number, a: number) => 24 + p * 3 + a,
};

function successors(state: number, { isLossy }: { readonly isLossy: boolean }): number[] {
  const found: number[] = [];
  const now = unpack(state);
  now.phases.forEach((phase, p) => {
    if (phase !== 0) return;
    const next = copy(now);
    next.phases[p] = 1;
    for (const a of everybody) next.messages |= 1 << bit.prepare(p, a);
    found.push(pack(next));
  });
  for (let number = 0; number < 30; number += 1) {
    if ((now.messages & (1 << number)) === 0) continue;
    if (isLossy) found.push(state - 2 ** number);
    const next = copy(now);
    next.messages &= ~(1 << number);
    deliver(next, number);
    found.push(pack(next));
  }
  return found;
}

function deliver(state: Unpacked, number: number): void {
  if (number < 6) prepare(state, Math.floor(number / 3), number % 3);
  else if (number < 9) promised(state, 0, number - 6, 0);
  else if (number < 15) promised(state, 1, (number - 9) >> 1, (number - 9) & 1);
  else if (number < 18) accept(state, 0, number - 15, 1);
  else if (number < 24) accept(state, 1, (number - 18) >> 1, ((number - 18) & 1) + 1);
  else accepted(state, Math.floor((number - 24) / 3), (number - 24) % 3);
}

function prepare(state: Unpacked, p: number, a: number): void {
  if (p + 1 <= at(state.promised, a)) return;
  state.promised[a] = p + 1;
  state.messages |= 1 << bit.promise(p, a, at(state.votes, a));
}

/** The only vote that can be reported is that in ballot 1, for value 1, to the proposer of ballot 2. */
function promised(state: Unpacked, p: number, a: number, vote: number): void {
  if (state.phases[p] !== 1) return;
  state.answers[p] = at(state.answers, p) | (1 << a);
  state.values[p] = Math.max(at(state.values, p), vote);
  if (!isMajority(at(state.answers, p))) return;
  state.phases[p] = 2;
  state.answers[p] = 0;
  if (state.values[p] === 0) state.values[p] = p + 1;
  for (const acceptor of everybody) state.messages |= 1 << bit.accept(p, acceptor, at(state.values, p));
}

function accept(state: Unpacked, p: number, a: number, value: number): void {
  if (p + 1 < at(state.promised, a)) return;
  state.promised[a] = p + 1;
  state.votes[a] = p + value;
  state.messages |= 1 << bit.accepted(p, a);
}

function accepted(state: Unpacked, p: number, a: number): void {
  if (state.phases[p] !== 2) return;
  state.answers[p] = at(state.answers, p) | (1 << a);
  if (!isMajority(at(state.answers, p))) return;
  state.phases[p] = 3;
  state.answers[p] = 0;
}

function isMajority(answers: number): boolean {
  return (answers & (answers - 1)) !== 0;
}

function pack(state: Unpacked): number {
  let rest = 0;
  for (const a of everybody) rest = (rest * 3 + at(state.promised, a)) * 4 + at(state.votes, a);
  for (const p of [0, 1]) {
    rest = ((rest * 4 + at(state.phases, p)) * 5 + at(state.answers, p)) * 3 + at(state.values, p);
  }
  return rest * 2 ** 30 + state.messages;
}

function unpack(state: number): Unpacked {
  let rest = Math.floor(state / 2 ** 30);
  const digit = (radix: number): number => {
    const value = rest % radix;
    rest = Math.floor(rest / radix);
    return value;
  };
  const promised = [0, 0, 0];
  const votes = [0, 0, 0];
  const phases = [0, 0];
  const answers = [0, 0];
  const values = [0, 0];
  for (const p of [1, 0]) {
    values[p] = digit(3);
    answers[p] = digit(5);
    phases[p] = digit(4);
  }
  for (const a of [2, 1, 0]) {
    votes[a] = digit(4);
    promised[a] = digit(3);
  }
  return { messages: state % 2 ** 30, promised, votes, phases, answers, values };
}

function copy({ messages, promised, votes, phases, answers, values }: Unpacked): Unpacked {
  return {
    messages,
    promised: [...promised],
    votes: [...votes],
    phases: [...phases],
    answers: [...answers],
    values: [...values],
  };
}

function at(numbers: readonly number[], i: number): number {
  return numbers[i] as number;
}
