/** The text of a first scenario, commented for whoever has never written one. */
export function firstScenario(name: string): string {
  return `import { always, become, defineNode, defineScenario, flag, nodeId, reply, send, setTimer, sometimes } from "hindcast";
import type { NodeId, Sender } from "hindcast";

// Two workers add 1 to a number in a store. A lock is to keep them apart. It is a lease: whoever is slow loses it.
// Can an increment be lost? Try:
//
//   npx hindcast run ./${name}.ts        simulates 1,000 runs
//   npx hindcast check ./${name}.ts      searches every order of events
//   npx hindcast check ./${name}.ts --param fencing=true
//   npx hindcast check ./${name}.ts --param fencing=true --faults drop=1,crash=1
//   npx hindcast why ${name}.schedule.json            says which events brought it about
//   npx hindcast replay ${name}.schedule.json --step  walks through it

// What the nodes say to each other: plain data with a \`kind\`.
type ToLock = { readonly kind: "acquire" } | { readonly kind: "release" };
type ToStore =
  | { readonly kind: "read"; readonly token: number }
  | { readonly kind: "write"; readonly token: number; readonly value: number };
type ToWorker =
  | { readonly kind: "granted"; readonly token: number }
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "written" }
  | { readonly kind: "refused" };

const lockId = nodeId("lock");
const storeId = nodeId("store");

// A node is a role and pure functions: state and message in, state and effects out. No clock, no dice, no promises.
interface Lock {
  readonly holder: NodeId | null;
  readonly waiting: readonly NodeId[];
  readonly token: number; // counts the grants
}

const lock = defineNode<Lock, ToLock>({
  role: "lock",
  start: () => become({ holder: null, waiting: [], token: 0 }),
  onMessage: {
    acquire: (state, _message, from) =>
      state.holder === null
        ? grant(state, from.node)
        : become({ ...state, waiting: [...state.waiting, from.node] }),
    release: (state, _message, from) => (state.holder === from.node ? next(state) : become(state)),
  },
  onTimer: {
    lease: (state) => next(state), // the holder is too slow: it loses the lock, and is not told
  },
});

function grant(state: Lock, holder: NodeId) {
  const token = state.token + 1;
  return become({ ...state, holder, token }, send(holder, { kind: "granted", token }), setTimer("lease", 200));
}

function next(state: Lock) {
  const [first, ...waiting] = state.waiting;
  return first === undefined ? become({ ...state, holder: null }) : grant({ ...state, waiting }, first);
}

interface Store {
  readonly value: number;
  readonly writes: number; // how many writes it has accepted
  readonly newest: number; // the largest token that it has seen
}

const store = (fencing: boolean) =>
  defineNode<Store, ToStore>({
    role: "store",
    start: () => become({ value: 0, writes: 0, newest: 0 }),
    onMessage: {
      read: (state, { token }, from) =>
        become(
          { ...state, newest: Math.max(state.newest, token) },
          reply(from, { kind: "value", value: state.value }),
        ),
      write: (state, { token, value }, from: Sender) =>
        fencing && token < state.newest
          ? become(state, reply(from, { kind: "refused" }))
          : become({ ...state, value, writes: state.writes + 1 }, reply(from, { kind: "written" })),
    },
  });

interface Worker {
  readonly token: number;
}

const worker = defineNode<Worker, ToWorker>({
  role: "worker",
  start: () => become({ token: 0 }, send(lockId, { kind: "acquire" })),
  onMessage: {
    granted: (_state, { token }) => become({ token }, send(storeId, { kind: "read", token })),
    value: (state, { value }) =>
      become(state, send(storeId, { kind: "write", token: state.token, value: value + 1 })),
    written: (state) => become(state, send(lockId, { kind: "release" })),
    refused: (state) => become(state),
  },
});

// A property says what must always be true of the world; a sentence says what is wrong. Only a node that is up has a state.
const nothingLost = always("no increment is lost", (view) => {
  const { up, state } = view.node<Store>(storeId);
  if (!up || state.value === state.writes) return true;
  return \`the store has accepted \${state.writes} increments, and its value is \${state.value}\`;
});

// And this one should happen at least once, or the scenario shows nothing.
const bothWrite = sometimes("both workers have written", (view) => {
  const { up, state } = view.node<Store>(storeId);
  return up && state.writes === 2;
});

export const scenario = defineScenario({
  name: "${name}",
  about: "Two workers increment a number under a lock that is a lease.",
  parameters: { fencing: flag(false) }, // the first value is the default; change it with --param fencing=true
  scope: "Finite: each worker increments once. No faults unless --faults gives some, such as --faults drop=1.",
  define: ({ fencing }) => ({
    nodes: { lock, store: store(fencing), w1: worker, w2: worker },
    properties: [nothingLost, bothWrite],
  }),
});
`;
}

/** A tsconfig with which the TypeScript compiler finds the types of this installation from another folder. */
export function firstTsconfig(paths: { readonly [module: string]: string }): string {
  const config = {
    compilerOptions: {
      target: "ES2023",
      module: "preserve",
      moduleResolution: "bundler",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      paths: Object.fromEntries(Object.entries(paths).map(([name, file]) => [name, [file]])),
    },
    include: ["*.ts"],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
