import { compileClient } from "./compile/clients.js";
import { checkFields } from "./compile/fields.js";
import { checkFaults, linkOrders } from "./compile/links.js";
import { Names } from "./compile/names.js";
import { checkBags, compileNodes } from "./compile/nodes.js";
import { compilePartitions, isolations } from "./compile/partitions.js";
import { checkFairness, collectMonitors } from "./compile/properties.js";
import { checkShapes } from "./compile/shapes.js";
import type { FaultBudget } from "./fault.js";
import { guarded, withTraps } from "./guard.js";
import type { NodeId } from "./node-id.js";
import type { ParameterValue } from "./parameter.js";
import type { PropertyOf } from "./property.js";
import { parametersOf, type Scenario, type SystemDefinition } from "./scenario.js";
import type { System } from "./system.js";

/**
 * Compiles a scenario for one set of parameters.
 *
 * @throws InvalidScenario for a definition that contradicts itself, NondeterminismLeak for one that would be another each time, and
 * Error for unknown parameters or values.
 */
export function compile(scenario: Scenario, settings: Settings = {}): System {
  const parameters = parametersOf(scenario, settings.parameters ?? {});
  const place = { kind: "scenario", owner: scenario.name, part: "define" } as const;
  const definition = withTraps(() => guarded(place, () => scenario.define(parameters)));
  checkFields(scenario.name, definition);
  checkShapes(scenario.name, definition);
  const names = new Names(scenario.name, definition);
  const orders = linkOrders(names, definition);
  const faults = { ...definition.faults, ...settings.faults };
  checkFaults(names, definition, faults, orders);
  const nodes = compileNodes(names, definition);
  const activeBags = [...new Set(nodes.flatMap((node) => node.definition.reads ?? []))];
  checkBags(names, activeBags);
  const monitors = collectMonitors(names, definition);
  const system: System = {
    scenario: scenario.name,
    parameters,
    nodes,
    clients: names.clients.map((id) => compileClient(names, id, named(definition.workload, id))),
    participants: names.participants,
    orders,
    faults,
    partitions: compilePartitions(names, definition.partitions ?? isolations(names.nodes)),
    errors: definition.errors ?? [],
    monitors,
    properties: definition.properties,
    history: definition.history,
    symmetric: symmetricGroups(names, definition.symmetric ?? []),
    score: definition.score,
    activeBags,
    timing: { latency: [1, 100], think: [1, 300], ...definition.timing },
    numberOf: (id) => names.numbers.get(id),
    nodeNumber: (id) => names.nodeNumber(id),
    numbersOfRole: (role) => names.ofRole(role),
  };
  checkFairness(names, system);
  for (const property of system.properties) if (property.kind === "refines") compileAbstract(names, property);
  return system;
}

/** Refuses at once what a search would come upon at its end. */
function compileAbstract(names: Names, { name, abstract, parameters }: PropertyOf<"refines">): void {
  try {
    compile(abstract, { parameters });
  } catch (error) {
    throw names.invalid(`the property "${name}" refines ${abstract.name}, where: ${(error as Error).message}`);
  }
}

/** What a user may change about a scenario without touching its file. */
export interface Settings {
  readonly parameters?: { readonly [name: string]: ParameterValue };
  /** Replaces the scenario's budgets of these kinds. */
  readonly faults?: FaultBudget;
}

/** Refuses groups that exchange nothing, and participants that would be in two places at once. */
function symmetricGroups(names: Names, groups: NonNullable<SystemDefinition["symmetric"]>): System["symmetric"] {
  const seen = new Set<number>();
  return groups.map((group) => {
    const members = group.map((member) =>
      (typeof member === "string" ? [member] : member).map((name) => names.exact(name)),
    );
    const [first] = members;
    if (first === undefined || first.length === 0 || members.some((member) => member.length !== first.length)) {
      throw names.invalid(
        "`symmetric` has a group whose members are not of the same size; name as many nodes in each.",
      );
    }
    for (const number of members.flat()) {
      if (seen.has(number))
        throw names.invalid(`\`symmetric\` names ${names.participants[number]} twice; name it once.`);
      seen.add(number);
    }
    return members;
  });
}

function named<T>(all: { readonly [name: string]: T } | undefined, id: NodeId): T {
  return (all as { readonly [name: string]: T })[String(id)] as T;
}
