import type { ActionClass } from "../fairness.js";
import { nearest } from "../nearest.js";
import type { Property } from "../property.js";
import { isFields, shown } from "../shown.js";

type Fields = { readonly [name: string]: unknown };

/** The functions of each kind of property. */
const functionsOf: { readonly [kind in Property["kind"]]: readonly string[] } = {
  always: ["holds"],
  step: ["holds"],
  sometimes: ["reached"],
  "at-quiescence": ["holds"],
  eventually: ["reached"],
  "leads-to": ["from", "to"],
  "stays-reachable": ["reached"],
  refines: ["maps", "onto"],
};

/** What is wrong with the shapes of properties, in sentences: one of an unknown kind would be judged by nobody. */
export function* propertyProblems(properties: readonly Fields[]): Iterable<string> {
  for (const property of properties) {
    const name = `the property "${String(property.name)}"`;
    const kind = String(property.kind);
    if (!Object.hasOwn(functionsOf, kind)) {
      const kinds = Object.keys(functionsOf);
      const hint = nearest(kind, kinds);
      yield `${name} is of the kind ${kind}, which is none${hint === undefined ? "." : `; did you mean ${hint}?`} Make it with always, sometimes, step and the like.`;
    }
    for (const part of functionsOf[kind as Property["kind"]]) {
      if (typeof property[part] !== "function")
        yield `${name} has ${shown(property[part])} for \`${part}\`; give a function of the view.`;
    }
    if (property.monitors === undefined)
      yield `${name} has no list of monitors; make it with always, sometimes, step and the like.`;
    if (
      property.kind === "refines" &&
      !(isFields(property.abstract) && typeof property.abstract.define === "function")
    ) {
      yield `${name} refines ${shown(property.abstract)}; give the scenario that is more abstract.`;
    }
    if (property.fairness !== undefined) yield* fairnessProblems(name, property.fairness);
  }
}

const classes: { readonly [kind in ActionClass["kind"]]: true } = {
  link: true,
  timer: true,
  choice: true,
  option: true,
  invocation: true,
  recovery: true,
  healing: true,
};

function* fairnessProblems(name: string, fairness: unknown): Iterable<string> {
  if (!isFields(fairness)) return yield `${name} has the fairness ${shown(fairness)}; give { weak: ..., strong: ... }.`;
  for (const [strength, actions] of Object.entries(fairness)) {
    if (strength !== "weak" && strength !== "strong") {
      yield `the fairness of ${name} has ${strength}, which nothing reads; there are weak, strong.`;
    }
    if (actions === "all") continue;
    const kindOf = (one: unknown): unknown => (isFields(one) ? one.kind : one);
    if (!Array.isArray(actions))
      yield `${name} is ${strength}ly fair to ${shown(actions)}; give "all", or a list of actions.`;
    const unknown = (actions as readonly unknown[]).find((one) => !Object.hasOwn(classes, String(kindOf(one))));
    if (unknown === undefined) continue;
    yield `${name} is ${strength}ly fair to the action ${shown(kindOf(unknown))}, which is none; there are ${Object.keys(classes).join(", ")}.`;
  }
}
