import { InvalidScenario } from "../invalid-scenario.js";
import { nearest } from "../nearest.js";
import type { NodeDefinition } from "../node.js";
import type { Property } from "../property.js";
import type { SystemDefinition } from "../scenario.js";

type FieldsOf<T> = { readonly [field in keyof Required<T>]: true };

const ofDefinition: FieldsOf<SystemDefinition> = {
  nodes: true,
  initial: true,
  links: true,
  faults: true,
  partitions: true,
  errors: true,
  workload: true,
  monitors: true,
  properties: true,
  history: true,
  symmetric: true,
  score: true,
  timing: true,
};

const ofNode: FieldsOf<NodeDefinition<unknown>> = {
  role: true,
  start: true,
  onMessage: true,
  onTimer: true,
  onChoice: true,
  recover: true,
  reads: true,
  provenance: true,
};

/**
 * Refuses a definition without its parts, and fields that nothing reads: a scenario is loaded without a look at its types, and a
 * misspelt `faults` must not pass for a scope without faults.
 *
 * @throws InvalidScenario with the nearest field that there is.
 */
export function checkFields(scenario: string, definition: SystemDefinition): void {
  const { nodes, properties } = (definition ?? {}) as Partial<SystemDefinition>;
  if (typeof definition !== "object" || definition === null) {
    throw new InvalidScenario(scenario, `its define returns ${String(definition)}; return { nodes, properties, ... }.`);
  }
  refuseOthers(scenario, "its definition", definition, ofDefinition);
  if (typeof nodes !== "object" || nodes === null)
    throw new InvalidScenario(scenario, "its definition has no `nodes`; name them there.");
  if (!Array.isArray(properties)) {
    throw new InvalidScenario(scenario, "its definition has no list of `properties`; give one, be it empty.");
  }
  properties.forEach((property: Partial<Property> | null, i) => {
    if (typeof property?.name === "string" && typeof property.kind === "string") return;
    throw new InvalidScenario(
      scenario,
      `property ${i + 1} of its definition is none; make it as in always("what must hold", (view) => ...).`,
    );
  });
  for (const [name, node] of Object.entries(nodes)) {
    if (typeof node === "object" && node !== null) refuseOthers(scenario, `the node ${name}`, node, ofNode);
  }
}

function refuseOthers(scenario: string, owner: string, given: object, known: { readonly [field: string]: true }): void {
  const fields = Object.keys(known);
  const other = Object.keys(given).find((field) => !fields.includes(field));
  if (other === undefined) return;
  const hint = nearest(other, fields);
  throw new InvalidScenario(
    scenario,
    `${owner} has the field ${other}, which nothing reads${hint === undefined ? "." : `; did you mean ${hint}?`} ` +
      `There may be ${fields.join(", ")}.`,
  );
}
