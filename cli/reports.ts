import { junitReport, type PropertyResult } from "../report/junit.js";
import { sarifReport } from "../report/sarif.js";
import type { System } from "../sim/system.js";
import type { LoadedScenario } from "./load-scenario.js";
import type { FileOptions } from "./options.js";
import { version } from "./package.js";
import { shownPath } from "./place.js";
import { writeWholeFile } from "./write-file.js";

/** What a check or a simulation has shown, as reports need it. */
export interface Shown {
  readonly verdict: "holds" | "violated" | "crashed" | "unknown";
  /** The violated property. */
  readonly property: string | null;
  readonly detail: string | null;
  readonly neverReached: readonly string[];
  /** Why the other properties are not decided. */
  readonly undecided: string;
  readonly seconds: number;
}

/** Writes the JUnit and SARIF reports that were asked for. */
export function writeReports(options: FileOptions, loaded: LoadedScenario, system: System, shown: Shown): void {
  if (options.junit !== undefined) {
    writeWholeFile(options.junit, junitReport(system.scenario, propertyResults(system, shown), shown.seconds));
  }
  if (options.sarif !== undefined) {
    const file = loaded.file === undefined ? null : shownPath(loaded.file);
    const isWrong = shown.verdict === "violated" || shown.verdict === "crashed";
    const rule = shown.property ?? "node code does not fail";
    writeWholeFile(options.sarif, sarifReport(version, isWrong ? [{ rule, text: shown.detail ?? "", file }] : []));
  }
}

function propertyResults(system: System, shown: Shown): PropertyResult[] {
  const results = system.properties.map(({ name, kind }): PropertyResult => {
    if (name === shown.property) return { property: name, outcome: "violated", detail: shown.detail ?? "" };
    if (kind === "sometimes") {
      const isReached = !shown.neverReached.includes(name);
      return {
        property: name,
        outcome: isReached ? "holds" : "never-reached",
        detail: isReached ? "" : "never reached",
      };
    }
    if (shown.verdict === "holds") return { property: name, outcome: "holds", detail: "" };
    return { property: name, outcome: "unknown", detail: shown.undecided };
  });
  if (shown.verdict !== "crashed") return results;
  return [...results, { property: "node code does not fail", outcome: "crashed", detail: shown.detail ?? "" }];
}
