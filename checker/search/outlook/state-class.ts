import { isCollection, isRecord } from "immutable";
import { isNodeId } from "../../../sim/node-id.js";
import { encode, type Value } from "../../../sim/value.js";

/** Fields by which people tell the states of a node apart, the first that there is. */
const tellingFields = ["phase", "role", "status", "mode", "kind", "stage", "state"];

/** A local state as people tell it apart from others: what is remarkable about each field. Those of one role are compared. */
export type StateClass = readonly (readonly [field: string, mark: string])[];

/**
 * Classes a local state: by its value, if it is a word or a flag; by its telling field (`phase`, `role`, `status`, `mode`,
 * `kind`, `stage`, `state`), if that is a word; else by its words and flags, and by which fields are null or empty.
 */
export function stateClass(state: Value): StateClass {
  const fields = fieldsOf(state);
  if (fields === undefined) {
    const mark = markOf(state);
    return mark === undefined ? [] : [["", mark]];
  }
  const telling = tellingFields.find((name) => typeof fields[name] === "string");
  if (telling !== undefined) return [["", fields[telling] as string]];
  return Object.entries(fields).flatMap(([name, value]): StateClass => {
    const mark = markOf(value);
    return mark === undefined ? [] : [[name, mark]];
  });
}

function fieldsOf(state: Value): { readonly [name: string]: Value } | undefined {
  if (typeof state !== "object" || state === null || isNodeId(state)) return undefined;
  if (isRecord(state)) return state.toSeq().toObject();
  if (isCollection(state) || Array.isArray(state)) return undefined;
  return state as { readonly [name: string]: Value };
}

/** Undefined for numbers, whose values tell nothing apart that has a name. */
function markOf(value: Value): string | undefined {
  if (typeof value === "string") return value.length > 24 ? "some text" : value;
  if (typeof value === "boolean" || value === null) return encode(value);
  if (typeof value === "number" || typeof value === "bigint") return undefined;
  if (isCollection(value)) return value.isEmpty() ? "empty" : "some";
  if (Array.isArray(value)) return value.length === 0 ? "empty" : "some";
  return "some";
}

/**
 * The names of classes of one role, in the order given: what is the same in all of them is left out, and as many fields, those
 * with the most marks first, as it takes to have no more than 12 names. Where nothing is left, the name is empty.
 */
export function namesOfClasses(classes: readonly StateClass[]): readonly string[] {
  const marks = classes.map((one) => new Map(one));
  const fields = [...new Set(classes.flatMap((one) => one.map(([field]) => field)))];
  const marksOf = (field: string): number => new Set(marks.map((of) => of.get(field) ?? "none")).size;
  const varying = fields.filter((field) => marksOf(field) > 1);
  for (;;) {
    const names = marks.map((of) => varying.map((field) => nameOf(field, of.get(field) ?? "none")).join(" "));
    if (new Set(names).size <= classesMax) return names;
    const widest = varying.reduce((most, field) => (marksOf(field) > marksOf(most) ? field : most));
    varying.splice(varying.indexOf(widest), 1);
  }
}

const classesMax = 12;

function nameOf(field: string, mark: string): string {
  return field === "" ? mark : `${field}=${mark}`;
}
