import type { Explanation } from "../checker/explain/explanation.js";
import { inputEvents, inputOf } from "../checker/explain/node-input.js";
import { inputsTable, messageRow, type SqlDatabase, type SqlValue } from "../checker/provenance/sql-specification.js";
import { valueJson } from "../checker/provenance/value-json.js";
import { describeChoice } from "../sim/choice.js";
import type { Trace } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";

/** Marks a database file as one of ours, in the header that SQLite keeps for this: `Hind`. */
export const applicationId = 0x48696e64;

/** The version of the tables, as `PRAGMA user_version`. */
export const tablesVersion = 1;

const tables = [
  `PRAGMA application_id = ${applicationId}`,
  `PRAGMA user_version = ${tablesVersion}`,
  "CREATE TABLE run (scenario TEXT NOT NULL, parameters TEXT NOT NULL, faults TEXT NOT NULL)",
  "CREATE TABLE participants (name TEXT PRIMARY KEY, number INTEGER NOT NULL, role TEXT)",
  "CREATE TABLE events (id INTEGER PRIMARY KEY, node TEXT, kind TEXT NOT NULL, text TEXT NOT NULL, choice TEXT)",
  "CREATE TABLE causes (event INTEGER NOT NULL, cause INTEGER NOT NULL, via TEXT NOT NULL)",
  inputsTable,
  "CREATE TABLE outputs (node TEXT NOT NULL, event INTEGER NOT NULL, number INTEGER NOT NULL, receiver TEXT NOT NULL, " +
    "message TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (event, number))",
  "CREATE TABLE witnesses (outcome INTEGER NOT NULL, status TEXT NOT NULL, witness INTEGER NOT NULL, event INTEGER NOT NULL)",
];

/**
 * Writes a run and an explanation of it into an empty database, as Watermelon kept its traces (Whittaker et al., SoCC 2018,
 * section 5). Events have the numbers of the diagram.
 */
export function fillRunDatabase(database: SqlDatabase, trace: Trace, explanation: Explanation): void {
  database.run("BEGIN");
  for (const statement of tables) database.run(statement);
  const { scenario, parameters, faults, nodes, participants } = trace.system;
  insert(database, "run", [scenario, JSON.stringify(parameters), JSON.stringify(faults)]);
  participants.forEach((name, number) => {
    insert(database, "participants", [String(name), number, nodes[number]?.definition.role ?? null]);
  });
  for (let event = 0; event < trace.length; event += 1) fillEvent(database, trace, event);
  nodes.forEach((node, number) => {
    inputEvents(trace, number).forEach((event, position) => {
      insert(database, "inputs", inputRow(trace, node.name, number, position, event));
    });
  });
  fillOutputs(database, trace);
  const witnesses = explanation.alternatives.length > 0 ? explanation.alternatives : [explanation.smallest ?? []];
  witnesses.forEach((witness, number) => {
    const { outcome, status } = explanation;
    for (const event of witness) {
      const numbers = [numberOfEvent(trace, outcome.event), status, number, numberOfEvent(trace, event)];
      insert(database, "witnesses", numbers);
    }
  });
  database.run("COMMIT");
}

function fillEvent(database: SqlDatabase, trace: Trace, event: number): void {
  const id = numberOfEvent(trace, event);
  const choice = trace.choices[event];
  const node = trace.participant(event)?.toString() ?? null;
  const text = eventText(trace, event, Number.POSITIVE_INFINITY);
  insert(database, "events", [id, node, trace.kind(event), text, choice === undefined ? null : describeChoice(choice)]);
  for (const { event: cause, via } of trace.causesOf(event)) {
    insert(database, "causes", [id, numberOfEvent(trace, cause), via]);
  }
}

function inputRow(trace: Trace, name: string, node: number, position: number, event: number): readonly SqlValue[] {
  const input = inputOf(trace, event, node, position);
  const id = numberOfEvent(trace, event);
  switch (input.kind) {
    case "deliver":
      return messageRow(name, position, id, input.message);
    case "initial": {
      const [, , , , message, body] = messageRow(name, position, id, input.message);
      return [name, position, id, input.kind, message, body];
    }
    case "fire":
      return [name, position, id, input.kind, input.timer, null];
    case "choose":
      return [name, position, id, input.kind, input.label, valueJson(input.option)];
    default:
      return [name, position, id, input.kind, null, null];
  }
}

/** What each event sent, in order. */
function fillOutputs(database: SqlDatabase, trace: Trace): void {
  const numbers = new Map<number, number>();
  for (const { event, item } of trace.sent) {
    const number = numbers.get(event) ?? 0;
    numbers.set(event, number + 1);
    const { from, to, message } = item;
    const id = numberOfEvent(trace, event);
    insert(database, "outputs", [String(from), id, number, String(to), message.kind, valueJson(message)]);
  }
}

function insert(database: SqlDatabase, table: string, values: readonly SqlValue[]): void {
  database.run(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, values);
}
