import { type Choice } from "../../sim/choice.js";
import type { ActionClass, Fairness } from "../../sim/fairness.js";
import { textOf } from "../../sim/network.js";
import type { NodeId } from "../../sim/node-id.js";
import { isFault } from "../../sim/quiescent.js";
import type { System } from "../../sim/system.js";
import { encode } from "../../sim/value.js";

/** The fair actions of a graph's labels, numbered. */
export interface FairActions {
  readonly count: number;
  /** The actions that are fair also if they are possible only again and again. */
  readonly isStrong: Uint8Array;
  /** For each label the actions that an edge of it takes. */
  readonly ofLabel: readonly (readonly number[])[];
  /** For each label whether a run may stop although it is possible: a fault's. */
  readonly isFault: Uint8Array;
}

/** Finds the fair actions among choices, which are a graph's labels. */
export function fairActions(system: System, fairness: Fairness, choices: readonly Choice[]): FairActions {
  const numbers = new Map<string, number>();
  const isStrong: number[] = [];
  const ofLabel = choices.map((choice) =>
    actionsOf(system, fairness, choice).map(({ name, strong }) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, isStrong.length);
      return isStrong.push(strong ? 1 : 0) - 1;
    }),
  );
  const faults = Uint8Array.from(choices, (choice) => (isFault(choice) ? 1 : 0));
  return { count: isStrong.length, isStrong: Uint8Array.from(isStrong), ofLabel, isFault: faults };
}

export interface FairAction {
  /** The same for all choices that take the action. */
  readonly name: string;
  readonly strong: boolean;
}

/** The fair actions that a choice takes. */
export function actionsOf(
  system: System,
  { weak = "all", strong = [] }: Fairness,
  choice: Choice,
): readonly FairAction[] {
  const found = new Map<string, FairAction>();
  for (const [classes, isStrong] of [[weak, false] as const, [strong, true] as const]) {
    const names =
      classes === "all"
        ? [nameOf(choice)]
        : classes.map((one) => (isIn(system, one, choice) ? nameIn(one, choice) : ""));
    for (const name of names) {
      if (name !== "")
        found.set(`${isStrong} ${name}`, { name: `${isStrong ? "strong" : "weak"} ${name}`, strong: isStrong });
    }
  }
  return [...found.values()];
}

/** The action of a choice; empty for a fault, which is none that could be fair. */
function nameOf(choice: Choice): string {
  switch (choice.kind) {
    case "deliver": {
      const { from, to } = choice.message;
      return `deliver ${from.text}->${to.text} ${textOf(choice.message)}`;
    }
    case "fire":
      return `fire ${choice.node.text} ${choice.timer}`;
    case "choose":
      return `choose ${choice.node.text} ${choice.label}`;
    case "flush":
      return `flush ${choice.node.text}`;
    case "invoke":
      return `invoke ${choice.client.text}`;
    case "heal":
      return "heal";
    default:
      return "";
  }
}

function nameIn(one: ActionClass, choice: Choice): string {
  if (one.kind === "option" && choice.kind === "choose") return `${nameOf(choice)} ${encode(choice.option)}`;
  if (one.kind === "recovery" && choice.kind === "recover") return `recover ${choice.node.text}`;
  return nameOf(choice);
}

function isIn(system: System, one: ActionClass, choice: Choice): boolean {
  switch (one.kind) {
    case "link": {
      if (choice.kind !== "deliver") return false;
      const { from, to } = choice.message;
      return isEnd(system, one.from, from) && isEnd(system, one.to, to);
    }
    case "timer":
      return choice.kind === "fire" && choice.timer === one.timer && roleOf(system, choice.node) === one.role;
    case "choice":
    case "option":
      return choice.kind === "choose" && choice.label === one.label;
    case "invocation":
      return choice.kind === "invoke" && (one.client === undefined || String(choice.client) === one.client);
    case "recovery":
      return choice.kind === "recover" && (one.role === undefined || roleOf(system, choice.node) === one.role);
    case "healing":
      return choice.kind === "heal";
  }
}

function isEnd(system: System, end: string, id: NodeId): boolean {
  if (String(id) === end) return true;
  const role = roleOf(system, id);
  return role === undefined ? end === "client" : role === end;
}

/** The role of a node; a client has none. */
function roleOf(system: System, id: NodeId): string | undefined {
  return system.nodes[system.numberOf(id) ?? -1]?.definition.role;
}
