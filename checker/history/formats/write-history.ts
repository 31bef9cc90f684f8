import { eventsOf, type History, type HistoryEvent } from "../operation.js";
import { writeJson } from "./json.js";
import { writeOperationLine } from "./operation-lines.js";
import { writeEdn } from "./write-edn.js";

/** The formats that histories are written in; all are read back by `readHistory`. */
export const formatNames = ["lines", "json", "edn", "jepsen-log"] as const;
export type FormatName = (typeof formatNames)[number];

/**
 * A history as text: `lines`, our own, one operation a line with its interval; `json` and `edn`, Jepsen's operation
 * maps, one event a line (for key-value histories with a `key`); `jepsen-log`, where keys become part of the values, so
 * that such a file is read back as keyed.
 */
export function writeHistory(history: History, format: FormatName): string {
  switch (format) {
    case "lines":
      return asLines(history.map(writeOperationLine));
    case "json":
      return asLines(eventsOf(history).map(jsonLine));
    case "edn":
      return asLines(eventsOf(history).map(ednLine));
    case "jepsen-log":
      return asLines(eventsOf(history).map(logLine));
  }
}

function asLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function jsonLine(event: HistoryEvent): string {
  const { type, f, key, value, final } = event;
  return writeJson({
    process: processOf(event),
    type,
    f,
    ...(key === null ? {} : { key }),
    value,
    ...(final === true ? { final } : {}),
  });
}

function ednLine(event: HistoryEvent): string {
  const { type, f, key, value, final } = event;
  const process = writeEdn(processOf(event));
  const keyed = key === null ? "" : `, :key ${writeEdn(key)}`;
  const last = final === true ? ", :final? true" : "";
  return `{:process ${process}, :type :${type}, :f :${f}${keyed}, :value ${writeEdn(value)}${last}}`;
}

function logLine(event: HistoryEvent): string {
  const { type, f, key, value } = event;
  const content = key === null ? value : [key, value];
  return `INFO  jepsen.util - ${writeEdn(processOf(event))}\t:${type}\t:${f}\t${writeEdn(content)}`;
}

/** Jepsen's processes are numbers; the names of ours that are none stay text. */
function processOf({ process }: HistoryEvent): string | number {
  return /^\d{1,15}$/.test(process) ? Number(process) : process;
}
