import type { Value } from "../../../sim/value.js";
import { type History, type HistoryEvent, historyOf } from "../operation.js";
import { type Place, showPlace, UnusableHistory } from "../unusable-history.js";
import { Cursor } from "./cursor.js";
import { readEdn, skipBlank } from "./edn.js";
import { eventOfFields, withKeysFromValues } from "./event-fields.js";
import { isLogLine, isOtherLogger, readLogLine } from "./jepsen-log.js";
import { readJson } from "./json.js";
import { historyOfLines, isOperationLine } from "./operation-lines.js";

/** How to read a recording. */
export interface ReadOptions {
  /** The name of the file, for errors. */
  readonly file?: string;
  /** Whether values are pairs `[key value]`, as Jepsen writes the operations of independent keys. */
  readonly keyed?: boolean;
  /** Is given what is odd, though it can be read: a time that goes back. */
  readonly warn?: (sentence: string) => void;
}

/**
 * Reads a recording in any format that we know, told apart by its beginning: Jepsen log lines; EDN operation maps, one a
 * line or in one vector (key-value logs are these with `:key`); JSON operation maps, likewise; our own JSON lines.
 *
 * @throws UnusableHistory with file, line and column for what does not parse or does not pair, and for an empty file.
 */
export function readHistory(text: string, options: ReadOptions = {}): History {
  const history = readAny(text, options);
  if (history.length === 0) {
    throw new UnusableHistory(
      "the file has no operations, so nothing was judged",
      "record at least one operation, or give another file",
      { ...(options.file === undefined ? {} : { file: options.file }), line: 1, column: 1 },
    );
  }
  return history;
}

function readAny(text: string, options: ReadOptions): History {
  const beginning = text.split("\n", 50);
  const first = beginning.find((line) => line.trim() !== "") ?? "";
  if (isLogLine(first) || (isOtherLogger(first) && beginning.some(isLogLine))) {
    return pair(readLog(text, options.file), options);
  }
  const cursor = new Cursor(text, options.file);
  if (/^\s*[[{]\s*(\{\s*)?"/.test(text)) {
    const maps = readMaps(cursor, readJson, skipJsonBlank);
    if (maps[0] !== undefined && isOperationLine(maps[0].fields)) return historyOfLines(maps);
    return pair(eventsOf(maps, options), options);
  }
  if (/^[\s,]*(;|#|\(|\[|\{|$)/.test(text))
    return pair(eventsOf(readMaps(cursor, readEdn, skipBlank), options), options);
  cursor.takeWhile(/\s/);
  throw cursor.unusable(
    `the format is not known: the first line begins with ${JSON.stringify(first.trim().slice(0, 20))}`,
    "give Jepsen log lines, EDN or JSON operation maps, or JSON lines of operations",
  );
}

function pair(events: readonly (HistoryEvent | null)[], options: ReadOptions): History {
  const clients = events.filter((event) => event !== null);
  return historyOf(options.keyed === true ? withKeysFromValues(clients) : clients);
}

function readLog(text: string, file?: string): readonly (HistoryEvent | null)[] {
  const events: (HistoryEvent | null)[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() !== "" && !isOtherLogger(line)) events.push(readLogLine(line, i + 1, file));
  });
  return events;
}

interface Item {
  readonly fields: Value;
  readonly place: Place;
}

/**
 * The events of the maps, whose order is that of time. An `index` that goes back says that it is not; a `time` that does may
 * come from clocks that differ, so that it is told, once, where no index settles it.
 */
function eventsOf(items: readonly Item[], { warn }: ReadOptions): readonly (HistoryEvent | null)[] {
  let last = { index: Number.NEGATIVE_INFINITY, time: Number.NEGATIVE_INFINITY };
  let isTold = false;
  return items.map(({ fields, place }) => {
    const event = eventOfFields(fields, place);
    const { index, time } = fields as { readonly index?: Value; readonly time?: Value };
    if (typeof index === "number" && index <= last.index) {
      throw new UnusableHistory(
        `index ${index} comes after index ${last.index}`,
        "sort the operations by their index",
        place,
      );
    }
    if (typeof time === "number" && time < last.time && typeof index !== "number" && !isTold) {
      warn?.(
        `${showPlace(place)}: time ${time} comes after time ${last.time}. ` +
          "The order of the operations was taken for that of time; sort them if it is not.",
      );
      isTold = true;
    }
    last = {
      index: typeof index === "number" ? index : last.index,
      time: typeof time === "number" ? time : last.time,
    };
    return event;
  });
}

/** The maps one after the other, also where one vector or list holds them all. */
function readMaps(cursor: Cursor, read: (cursor: Cursor) => Value, skip: (cursor: Cursor) => void): readonly Item[] {
  const items: Item[] = [];
  skip(cursor);
  const opening = cursor.position;
  const close = cursor.peek() === "[" ? "]" : cursor.peek() === "(" ? ")" : "";
  if (close !== "") cursor.next();
  for (skip(cursor); !cursor.atEnd && cursor.peek() !== close; skip(cursor)) {
    const place = cursor.place();
    items.push({ fields: read(cursor), place });
  }
  if (close === "") return items;
  if (cursor.atEnd) throw cursor.unusable(`what opens here has no "${close}"`, `add the "${close}"`, opening);
  cursor.next();
  skip(cursor);
  if (!cursor.atEnd) throw cursor.unusable(`text after the closing "${close}"`, "put all operations inside");
  return items;
}

/** Commas between operations are let pass, wherever they stand. */
function skipJsonBlank(cursor: Cursor): void {
  cursor.takeWhile(/[\s,]/);
}
