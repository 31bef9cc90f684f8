import type { HistoryEvent } from "../operation.js";
import { Cursor } from "./cursor.js";
import { readEdn, skipBlank } from "./edn.js";
import { eventOfFields } from "./event-fields.js";

/**
 * One line of a Jepsen log: `INFO  jepsen.util - 0 :invoke :read nil`, or in newer ones `... jepsen.util: 0 :invoke ...`,
 * the fields separated by tabs or spaces. Null for what the nemesis did.
 *
 * @throws UnusableHistory for a line of another form.
 */
export function readLogLine(text: string, line: number, file?: string): HistoryEvent | null {
  const cursor = new Cursor(text, file, line);
  const prefix = logPrefix.exec(text);
  if (prefix === null) {
    throw cursor.unusable(
      "this is no line of a Jepsen log",
      'write "INFO  jepsen.util - <process> :invoke|:ok|:fail|:info :<function> <value>", or leave other lines out',
    );
  }
  cursor.position = prefix[0].length;
  const start = cursor.position;
  const [process, type, f, value] = [readEdn(cursor), readEdn(cursor), readEdn(cursor), readEdn(cursor)];
  skipBlank(cursor);
  if (type !== "info" && !cursor.atEnd) throw cursor.unusable("more than one value", "put several into a vector");
  return eventOfFields({ process, type, f, value }, cursor.place(start));
}

/** Whether a line begins as those of a Jepsen log do. */
export function isLogLine(text: string): boolean {
  return logPrefix.test(text);
}

/** Whether a line of a log is of another logger than the one that tells operations. */
export function isOtherLogger(text: string): boolean {
  return otherPrefix.test(text) && !isLogLine(text);
}

const logPrefix = /^.*?\bjepsen\.util(?: -|:)\s+/;
const otherPrefix = /^(?!\s*[[{(])[^"]*?\b(?:DEBUG|INFO|WARN|ERROR|FATAL)\s+(?:\[[^\]]*\]\s+)?[\w.$-]+(?: -|:)\s/;
