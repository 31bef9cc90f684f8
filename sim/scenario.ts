import type { ClientHistory } from "./client-history.js";
import type { AnyMonitor } from "./monitor.js";
import type { Message } from "./message.js";
import type { AnyNode } from "./node.js";
import type { ErrorBoundary, FaultBudget, Partition } from "./fault.js";
import type { LinkOrder } from "./network.js";
import { type Parameter, type Parameters, parseParameter, type ParameterValue, type ValuesOf } from "./parameter.js";
import type { Property } from "./property.js";
import { InvalidScenario } from "./invalid-scenario.js";
import { nearest } from "./nearest.js";
import { isFields, shown } from "./shown.js";
import type { View } from "./view.js";
import type { Workload } from "./workload.js";

/** The parts of a distributed system and the claims about it, for one set of parameters. */
export interface SystemDefinition {
  /** By name, in the order that ranks and canonical order follow. */
  readonly nodes: { readonly [name: string]: AnyNode };
  /** Messages that a node has handled before the run begins, by node name; what they send is not sent. */
  readonly initial?: { readonly [node: string]: readonly Message[] };
  /** `any` unless given. */
  readonly links?: LinkOrder | Links;
  readonly faults?: FaultBudget;
  /** The partitions that may happen; unless given, each node may be cut off from all others. */
  readonly partitions?: readonly Partition[];
  readonly errors?: readonly ErrorBoundary[];
  /** The clients, by name. */
  readonly workload?: { readonly [client: string]: Workload };
  readonly monitors?: readonly AnyMonitor[];
  readonly properties: readonly Property[];
  /** What the clients do, as operations of an object: of a violation it is then told which consistency it breaks. */
  readonly history?: ClientHistory;
  /**
   * Groups of alike nodes or clients, for a search that is reduced by symmetry, where their definitions are not one and the
   * same: each member is a name, or the names of several that go together (a server and its cache).
   */
  readonly symmetric?: readonly (readonly (string | readonly string[])[])[];
  /** How promising a world is: a best-first search expands the one with the highest score first. */
  readonly score?: (view: View) => number;
  /** How long things take in a simulation, in ticks. */
  readonly timing?: Timing;
}

export interface Links {
  readonly order: LinkOrder;
  /** Exceptions, in both directions: each end is the name or the role of a node, the name of a client, or `client` for all. */
  readonly except: readonly { readonly between: readonly [string, string]; readonly order: LinkOrder }[];
}

/** Ranges of ticks, both ends included, from which the timed strategy draws. */
export interface Timing {
  /** From sending to arrival; 1 to 100 unless given. */
  readonly latency?: readonly [number, number];
  /** From an answer to the client's next operation; 1 to 300 unless given. */
  readonly think?: readonly [number, number];
}

/** A scenario of any parameters: all that the drivers need. */
export interface Scenario {
  readonly name: string;
  /** One sentence: what it shows. */
  readonly about: string;
  readonly parameters: { readonly [name: string]: Parameter };
  /** What bounds the state space, and what is left out. */
  readonly scope: string;
  readonly define: (values: Parameters) => SystemDefinition;
}

/** Declares a scenario; `define` is a pure function of its parameters. */
export function defineScenario<
  const Declared extends { readonly [name: string]: Parameter } = Record<never, Parameter>,
>(definition: {
  readonly name: string;
  readonly about: string;
  readonly parameters?: Declared;
  readonly scope: string;
  readonly define: (values: ValuesOf<Declared>) => SystemDefinition;
}): Scenario {
  checkScenario(definition);
  return {
    name: definition.name,
    about: definition.about,
    parameters: definition.parameters ?? {},
    scope: definition.scope,
    define: definition.define as (values: Parameters) => SystemDefinition,
  };
}

const scenarioFields = ["name", "about", "parameters", "scope", "define"];

/** @throws InvalidScenario for fields that nothing reads, a name that cannot be told, and parameters that are none. */
function checkScenario(definition: object): void {
  const { name, define, parameters = {} } = definition as { readonly [field: string]: unknown };
  const refuse = (problem: string) => new InvalidScenario(String(name), problem);
  if (typeof name !== "string" || !/^\P{C}+$/u.test(name)) {
    throw refuse("its name must be a text of one line, as it names files and stands in commands.");
  }
  const other = Object.keys(definition).find((field) => !scenarioFields.includes(field));
  if (other !== undefined) {
    const hint = nearest(other, scenarioFields);
    throw refuse(
      `it has the field ${other}, which nothing reads${hint === undefined ? "." : `; did you mean ${hint}?`} ` +
        `There may be ${scenarioFields.join(", ")}.`,
    );
  }
  if (typeof define !== "function")
    throw refuse("it has no function `define`; give one that returns { nodes, properties }.");
  if (!isFields(parameters)) throw refuse(`\`parameters\` is ${shown(parameters)}; name them there.`);
  for (const [parameter, declared] of Object.entries(parameters)) {
    if (isFields(declared) && typeof declared.kind === "string" && declared.default !== undefined) continue;
    throw refuse(`the parameter ${parameter} is ${shown(declared)}; declare it with count, budget, oneOf or flag.`);
  }
}

/** Whether a value, such as an export of a user's file, is a scenario. */
export function isScenario(value: unknown): value is Scenario {
  if (typeof value !== "object" || value === null) return false;
  const { name, define, parameters } = value as Partial<Scenario>;
  return typeof name === "string" && typeof define === "function" && typeof parameters === "object";
}

/**
 * All parameters of a scenario: the given ones, and the others' defaults.
 *
 * @throws for a name that the scenario does not declare (with the nearest one), and for a value that it does not take.
 */
export function parametersOf(scenario: Scenario, given: { readonly [name: string]: ParameterValue }): Parameters {
  const names = Object.keys(scenario.parameters);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    const hint = nearest(name, names);
    throw new Error(
      `${scenario.name} has no parameter ${name}: ${known}${hint === undefined ? "" : `; did you mean ${hint}?`}`,
    );
  }
  const values: { [name: string]: ParameterValue } = {};
  for (const [name, parameter] of Object.entries(scenario.parameters)) {
    values[name] = parseParameter(
      name,
      parameter,
      Object.hasOwn(given, name) ? (given[name] as ParameterValue) : parameter.default,
    );
  }
  return values;
}
