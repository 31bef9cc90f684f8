/** What a SARIF report says: one result for a violation or a crash, none otherwise. */
export interface SarifResult {
  readonly rule: string;
  readonly text: string;
  /** The scenario's file, relative to the folder in which the report is made; null for a bundled one. */
  readonly file: string | null;
}

/** A SARIF 2.1.0 log (OASIS standard, 2020) with one run. */
export function sarifReport(version: string, results: readonly SarifResult[]): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "hindcast",
            version,
            rules: results.map(({ rule }) => ({ id: rule, shortDescription: { text: rule } })),
          },
        },
        results: results.map(({ rule, text, file }) => ({
          ruleId: rule,
          level: "error",
          message: { text },
          ...(file === null ? {} : { locations: [{ physicalLocation: { artifactLocation: { uri: file } } }] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
