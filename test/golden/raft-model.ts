/**
 * Raft written out by hand as a transition relation over texts, independently of the simulator and of `scenarios/raft.ts`:
 * the same cut of the protocol, and the same network, a set of messages.
 */
export interface RaftScope {
  readonly servers: number;
  readonly terms: number;
  readonly entries: number;
  readonly crashes: number;
  readonly recoveries: number;
}

interface Server {
  up: boolean;
  role: "F" | "C" | "L";
  term: number;
  vote: number;
  /** Entries as term:leader:number. */
  log: string[];
  committed: number;
  votes: number[];
  next: number[];
  match: number[];
}

interface Message {
  readonly kind: "request" | "vote" | "append" | "appended" | "mismatch";
  readonly from: number;
  readonly to: number;
  readonly term: number;
  /** Last position, previous position, or what matches. */
  readonly at: number;
  readonly atTerm: number;
  readonly entries: readonly string[];
  readonly committed: number;
}

interface State {
  readonly servers: Server[];
  /** Texts of messages, sorted, as are the elections, commitments and applications that have happened. */
  messages: string[];
  happened: string[];
  crashes: number;
  recoveries: number;
}

const nobody = -1;

export function initialRaft({ servers, crashes, recoveries }: RaftScope): string {
  const started = Array.from({ length: servers }, () => restarted(0, nobody, []));
  return text({ servers: started, messages: [], happened: [], crashes, recoveries });
}

/** The states after each thing that may happen in a state, one for each. */
export function raftSteps(state: string, scope: RaftScope): string[] {
  const found: string[] = [];
  const now = JSON.parse(state) as State;
  const take = (change: (next: State) => void) => {
    const next = JSON.parse(state) as State;
    change(next);
    found.push(text(next));
  };
  for (const message of now.messages) take((next) => receive(next, JSON.parse(message) as Message));
  now.servers.forEach((server, i) => {
    if (server.up && server.role !== "L" && server.term < scope.terms) take((next) => stand(next, i));
    if (server.up && server.role === "L" && server.log.length < scope.entries) take((next) => command(next, i));
    if (server.up && now.crashes > 0) take((next) => crash(next, i));
    if (!server.up && now.recoveries > 0) take((next) => recover(next, i));
  });
  return found;
}

function text(state: State): string {
  state.messages = [...new Set(state.messages)].sort();
  state.happened = [...new Set(state.happened)].sort();
  return JSON.stringify(state);
}

function restarted(term: number, vote: number, log: string[]): Server {
  return { up: true, role: "F", term, vote, log, committed: 0, votes: [], next: [], match: [] };
}

function at(state: State, i: number): Server {
  return state.servers[i] as Server;
}

function others(state: State, i: number): number[] {
  return state.servers.map((_, j) => j).filter((j) => j !== i);
}

function termOf(log: readonly string[], position: number): number {
  const entry = log[position - 1];
  return entry === undefined ? 0 : Number(entry.split(":")[0]);
}

function post(state: State, message: Partial<Message> & Pick<Message, "kind" | "from" | "to" | "term">): void {
  const { kind, from, to, term, at = 0, atTerm = 0, entries = [], committed = 0 } = message;
  state.messages.push(JSON.stringify({ kind, from, to, term, at, atTerm, entries, committed }));
}

function crash(state: State, i: number): void {
  state.crashes -= 1;
  const { term, vote, log } = at(state, i);
  state.servers[i] = { ...restarted(term, vote, log), up: false };
}

function recover(state: State, i: number): void {
  state.recoveries -= 1;
  at(state, i).up = true;
}

function follow(server: Server, term: number): void {
  Object.assign(server, { role: "F", votes: [], next: [], match: [] });
  if (term > server.term) Object.assign(server, { term, vote: nobody });
}

function stand(state: State, i: number): void {
  const server = at(state, i);
  follow(server, server.term + 1);
  Object.assign(server, { role: "C", vote: i });
  const { term, log } = server;
  for (const to of others(state, i)) {
    post(state, { kind: "request", from: i, to, term, at: log.length, atTerm: termOf(log, log.length) });
  }
  countVote(state, i, i);
}

function countVote(state: State, i: number, voter: number): void {
  const server = at(state, i);
  server.votes = [...new Set([...server.votes, voter])].sort();
  if (server.votes.length <= state.servers.length / 2) return;
  Object.assign(server, { role: "L", votes: [] });
  server.next = state.servers.map(() => server.log.length + 1);
  server.match = state.servers.map(() => 0);
  state.happened.push(`elected ${server.term} ${i} ${server.log.join()}`);
  for (const to of others(state, i)) replicate(state, i, to);
}

function replicate(state: State, i: number, to: number): void {
  const { term, log, next, committed } = at(state, i);
  const before = (next[to] ?? 1) - 1;
  const entries = log.slice(before);
  post(state, { kind: "append", from: i, to, term, at: before, atTerm: termOf(log, before), entries, committed });
}

function command(state: State, i: number): void {
  const server = at(state, i);
  server.log.push(`${server.term}:${i}:${server.log.length}`);
  commit(state, i);
  for (const to of others(state, i)) replicate(state, i, to);
}

/** Commits the furthest position of the own term that a majority holds; says whether there was one. */
function commit(state: State, i: number): boolean {
  const server = at(state, i);
  const before = server.committed;
  for (let position = before + 1; position <= server.log.length; position += 1) {
    const holders = 1 + others(state, i).filter((j) => (server.match[j] ?? 0) >= position).length;
    if (holders > state.servers.length / 2 && termOf(server.log, position) === server.term) server.committed = position;
  }
  for (let position = before + 1; position <= server.committed; position += 1) {
    const entry = server.log[position - 1];
    state.happened.push(`committed ${server.term} ${position} ${entry}`, `applied ${position} ${entry}`);
  }
  return server.committed > before;
}

function receive(state: State, message: Message): void {
  const server = at(state, message.to);
  const { from, to, term } = message;
  if (!server.up || term < server.term) return;
  switch (message.kind) {
    case "request": {
      if (term > server.term) follow(server, term);
      const own = termOf(server.log, server.log.length);
      const isBehind = message.atTerm < own || (message.atTerm === own && message.at < server.log.length);
      if (isBehind || (server.vote !== nobody && server.vote !== from)) return;
      server.vote = from;
      return post(state, { kind: "vote", from: to, to: from, term });
    }
    case "vote":
      return server.role === "C" && term === server.term ? countVote(state, to, from) : undefined;
    case "append":
      if (server.role !== "F" || term > server.term) follow(server, term);
      return append(state, server, message);
    case "appended": {
      if (server.role !== "L" || term !== server.term || message.at <= (server.match[from] ?? 0)) return;
      server.match[from] = message.at;
      server.next[from] = message.at + 1;
      if (commit(state, to)) for (const peer of others(state, to)) replicate(state, to, peer);
      else if (message.at < server.log.length) replicate(state, to, from);
      return;
    }
    case "mismatch":
      if (server.role !== "L" || term !== server.term || server.next[from] !== message.at + 1) return;
      server.next[from] = message.at;
      return replicate(state, to, from);
  }
}

function append(
  state: State,
  server: Server,
  { from, to, term, at: before, atTerm, entries, committed }: Message,
): void {
  if (before > server.log.length || termOf(server.log, before) !== atTerm) {
    return post(state, { kind: "mismatch", from: to, to: from, term, at: before });
  }
  const kept = entries.findIndex((entry, k) => termOf(server.log, before + k + 1) !== termOf([entry], 1));
  if (kept >= 0) server.log = [...server.log.slice(0, before + kept), ...entries.slice(kept)];
  const matching = before + entries.length;
  for (; server.committed < Math.min(committed, matching); server.committed += 1) {
    state.happened.push(`applied ${server.committed + 1} ${server.log[server.committed]}`);
  }
  post(state, { kind: "appended", from: to, to: from, term, at: matching });
}
