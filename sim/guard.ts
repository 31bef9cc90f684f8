import { createHook } from "node:async_hooks";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { fileURLToPath } from "node:url";

/**
 * Refuses the clock, dice, timers and promises while node code, a property or a monitor runs.
 *
 * This file alone in `sim/` touches the machine: it replaces what leaks nondeterminism by traps that let everything
 * through except while user code runs.
 */

/** What user code is running: a handler of a node, a property, a monitor or a workload. */
export interface CodePlace {
  readonly kind: "node" | "property" | "monitor" | "workload" | "scenario";
  /** The name of the node, property, monitor, client or scenario. */
  readonly owner: string;
  /** Of a node or scenario, the part that runs, such as `onMessage`. */
  readonly part?: string;
  /** The kind, timer or label whose handler it is. */
  readonly handler?: string;
}

/** User code used something that differs from run to run. */
export class NondeterminismLeak extends Error {
  override readonly name = "NondeterminismLeak";
  constructor(
    readonly place: CodePlace,
    readonly used: string,
    /** `file:line:column` of the use, or empty when the stack does not tell. */
    readonly line: string,
    readonly remedy: string,
  ) {
    super(`${describeCodePlace(place)} uses ${used}${line === "" ? "" : ` at ${line}`}; ${remedy}.`);
  }
}

export function describeCodePlace({ kind, owner, part, handler }: CodePlace): string {
  if (part === undefined) return `The ${kind} "${owner}"`;
  return `${part}${handler === undefined ? "" : `.${handler}`} of ${kind} ${owner}`;
}

let inside: CodePlace | undefined;
let leak: NondeterminismLeak | undefined;

export function isInsideNode(): boolean {
  return inside !== undefined && inside.kind === "node";
}

/**
 * Runs user code with the traps armed.
 *
 * @throws NondeterminismLeak when the code used a trapped function, even if it caught the error itself.
 */
export function guarded<T>(place: CodePlace, code: () => T): T {
  const outer = enter(place);
  try {
    return code();
  } finally {
    leave(outer);
  }
}

/** Arms the traps for user code, until `leave` is given what this gives; for callers that cannot afford a closure. */
export function enter(place: CodePlace): CodePlace | undefined {
  const outer = inside;
  inside = place;
  return outer;
}

export function leave(outer: CodePlace | undefined): void {
  inside = outer;
  if (leak !== undefined) throwLeak();
}

function throwLeak(): never {
  const found = leak as NondeterminismLeak;
  leak = undefined;
  for (const promise of leakedPromises.splice(0)) promise.catch(() => {});
  throw found;
}

let installed = 0;

/** Installs the traps while `body` runs (a driver: a run, a slice of a search); outside, the globals are untouched. */
export function withTraps<T>(body: () => T): T {
  const release = holdTraps();
  try {
    return body();
  } finally {
    release();
  }
}

/**
 * Installs the traps until the given function is called. A file that is loaded meanwhile and keeps `Date.now` for later
 * keeps the trap, which lets everything through except while user code runs.
 */
export function holdTraps(): () => void {
  installed += 1;
  if (installed === 1) install();
  return () => {
    installed -= 1;
    if (installed === 0) uninstall();
  };
}

const clock = "the world has no time; set a timer, or keep a counter in the state";
const dice = "let the scheduler decide with choose(label, options)";
const zone = "the text depends on the machine; give the language and the option timeZone";
const later = "handlers are synchronous; use setTimer, or send a message";

type Holder = { [name: string]: unknown };
interface Trap {
  readonly holder: Holder;
  readonly name: string;
  readonly called: string;
  readonly remedy: string;
  /** Whether a call with these arguments leaks; every call does unless given. */
  readonly leaks?: (args: readonly unknown[]) => boolean;
}

const traps: readonly Trap[] = [
  { holder: Date as unknown as Holder, name: "now", called: "Date.now", remedy: clock },
  { holder: performance as unknown as Holder, name: "now", called: "performance.now", remedy: clock },
  // Before hrtime itself, whose trap takes over its members.
  { holder: process.hrtime as unknown as Holder, name: "bigint", called: "process.hrtime.bigint", remedy: clock },
  { holder: process as unknown as Holder, name: "hrtime", called: "process.hrtime", remedy: clock },
  ...["toLocaleString", "toLocaleDateString", "toLocaleTimeString"].map((name) => ({
    holder: Date.prototype as unknown as Holder,
    name,
    called: `Date's ${name}`,
    remedy: zone,
    leaks: ([language, options]: readonly unknown[]) =>
      language === undefined || (options as Intl.DateTimeFormatOptions | undefined)?.timeZone === undefined,
  })),
  {
    holder: Intl.DateTimeFormat.prototype as unknown as Holder,
    name: "formatToParts",
    called: "Intl.DateTimeFormat's formatToParts",
    remedy: clock,
    leaks: isWithoutDate,
  },
  { holder: Math as unknown as Holder, name: "random", called: "Math.random", remedy: dice },
  {
    holder: globalThis.crypto as unknown as Holder,
    name: "getRandomValues",
    called: "crypto.getRandomValues",
    remedy: dice,
  },
  { holder: globalThis.crypto as unknown as Holder, name: "randomUUID", called: "crypto.randomUUID", remedy: dice },
  ...["randomBytes", "randomInt", "randomUUID", "randomFillSync", "randomFill"].map((name) => ({
    holder: crypto as unknown as Holder,
    name,
    called: `crypto.${name}`,
    remedy: dice,
  })),
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"].map((name) => ({
    holder: globalThis as unknown as Holder,
    name,
    called: name,
    remedy: later,
  })),
  ...["setTimeout", "setInterval", "setImmediate"].map((name) => ({
    holder: timers as unknown as Holder,
    name,
    called: name,
    remedy: later,
  })),
  { holder: process as unknown as Holder, name: "nextTick", called: "process.nextTick", remedy: later },
];

/** Formats the present. */
function isWithoutDate([date]: readonly unknown[]): boolean {
  return date === undefined;
}

/** The one trap that is no function: a getter of functions, each bound to its format. */
const format = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, "format") as PropertyDescriptor;
const trappedFormat: PropertyDescriptor = {
  ...format,
  get(this: Intl.DateTimeFormat) {
    const bound = format.get?.call(this) as Intl.DateTimeFormat["format"];
    return (...args: Parameters<typeof bound>) => {
      if (inside !== undefined && isWithoutDate(args)) refuse("Intl.DateTimeFormat's format", clock);
      return bound(...args);
    };
  },
};

const originals = new Map<Trap, PropertyDescriptor | undefined>();
const realDate = Date;

/** Nobody will await them; that they are rejected later must not end the process. */
const leakedPromises: Promise<unknown>[] = [];

const promises = createHook({
  init(_id, type, _trigger, resource) {
    if (inside === undefined || type !== "PROMISE") return;
    if (resource instanceof Promise) leakedPromises.push(resource);
    leak ??= new NondeterminismLeak(inside, "a promise", callerLine(), later);
  },
});

function install(): void {
  for (const trap of traps) {
    const original = trap.holder[trap.name] as (...args: unknown[]) => unknown;
    originals.set(trap, Object.getOwnPropertyDescriptor(trap.holder, trap.name));
    const trapped = function (this: unknown, ...args: unknown[]): unknown {
      if (inside !== undefined && trap.leaks?.(args) !== false) refuse(trap.called, trap.remedy);
      return original.apply(this, args);
    };
    Object.assign(trapped, original); // keeps members such as hrtime.bigint and setTimeout's promisified form
    Object.defineProperty(trap.holder, trap.name, { value: trapped, configurable: true, writable: true });
  }
  globalThis.Date = new Proxy(realDate, {
    construct(target, args: unknown[], newTarget) {
      if (inside !== undefined && args.length === 0) refuse("new Date()", clock);
      return Reflect.construct(target, args, newTarget) as Date;
    },
    apply(target, self, args: unknown[]) {
      if (inside !== undefined) refuse("Date()", clock);
      return Reflect.apply(target, self, args) as string;
    },
  });
  Object.defineProperty(Intl.DateTimeFormat.prototype, "format", trappedFormat);
  promises.enable();
  syncBuiltinESMExports();
}

function uninstall(): void {
  promises.disable();
  globalThis.Date = realDate;
  Object.defineProperty(Intl.DateTimeFormat.prototype, "format", format);
  for (const trap of traps) {
    const original = originals.get(trap);
    if (original === undefined) delete trap.holder[trap.name];
    else Object.defineProperty(trap.holder, trap.name, original);
  }
  syncBuiltinESMExports();
}

function refuse(used: string, remedy: string): never {
  leak = new NondeterminismLeak(inside as CodePlace, used, callerLine(), remedy);
  throw leak;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const machinery = [`${root}sim/`, `${root}checker/`, "node:", "/node_modules/"];

/** The first line of the stack that is neither Node's nor this kernel's. */
function callerLine(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30;
  const stack = new Error().stack ?? "";
  Error.stackTraceLimit = limit;
  for (const line of stack.split("\n").slice(1)) {
    const place = /[\s(]((?:file:\/\/)?\/[^()]+:\d+:\d+)\)?$/.exec(line)?.[1];
    const file = place?.startsWith("file:") ? fileURLToPath(place) : place;
    if (file !== undefined && !machinery.some((part) => file.includes(part))) return file;
  }
  return "";
}
