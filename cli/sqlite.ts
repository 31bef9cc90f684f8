import initSqlJs from "sql.js";
import type { SqlDatabase } from "../checker/provenance/sql-specification.js";

/** An SQLite database in memory, whose bytes may be written to a file. */
export interface MemoryDatabase extends SqlDatabase {
  bytes(): Uint8Array;
}

/** Loads the engine, and gives what opens empty databases in memory. */
export async function loadSqlite(): Promise<() => MemoryDatabase> {
  const { Database } = await initSqlJs();
  return () => {
    const database = new Database();
    return {
      run: (statement, values = []) => {
        database.run(statement, [...values]);
      },
      query: (statement, parameters) => {
        const prepared = database.prepare(statement);
        try {
          prepared.bind({ ...parameters });
          const rows: (string | number | null)[][] = [];
          while (prepared.step()) rows.push(prepared.get() as (string | number | null)[]);
          return rows;
        } finally {
          prepared.free();
        }
      },
      close: () => {
        database.close();
      },
      bytes: () => database.export(),
    };
  };
}
