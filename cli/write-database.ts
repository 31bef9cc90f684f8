import { existsSync, readFileSync } from "node:fs";
import type { Explanation } from "../checker/explain/explanation.js";
import { applicationId, fillRunDatabase } from "../report/run-database.js";
import type { Trace } from "../sim/trace.js";
import { InputError } from "./input-error.js";
import { loadSqlite } from "./sqlite.js";
import { reasonOf, writeWholeFile } from "./write-file.js";

/**
 * Writes a run and its explanation as an SQLite file, whole or not at all; in place of an older one of ours only.
 *
 * @throws InputError for a file that is something else, or cannot be written.
 */
export async function writeRunDatabase(file: string, trace: Trace, explanation: Explanation): Promise<void> {
  refuseForeign(file);
  const open = await loadSqlite();
  const database = open();
  try {
    fillRunDatabase(database, trace, explanation);
    writeWholeFile(file, database.bytes());
  } finally {
    database.close();
  }
}

/** Refuses a file that is no database of ours: SQLite's header has a place for saying whose it is. */
export function refuseForeign(file: string): void {
  if (!existsSync(file)) return;
  let header: Buffer;
  try {
    header = readFileSync(file);
  } catch (error) {
    throw new InputError(`${file} cannot be written: ${reasonOf(error)}. Choose another place.`);
  }
  const isOurs =
    header.length >= 100 &&
    header.toString("latin1", 0, 15) === "SQLite format 3" &&
    header.readUInt32BE(68) === applicationId;
  if (isOurs) return;
  throw new InputError(
    `${file} is there, and is no run that was written with --sql; it is left as it is. Choose another name.`,
  );
}
