import { xmlText } from "./xml.js";

/** One property, as test reports show it. */
export interface PropertyResult {
  readonly property: string;
  readonly outcome: "holds" | "violated" | "crashed" | "unknown" | "never-reached";
  /** What is wrong, or why nothing is decided; empty when it holds. */
  readonly detail: string;
}

/** A JUnit report: one suite for the scenario, one test case for each property. */
export function junitReport(scenario: string, results: readonly PropertyResult[], seconds: number): string {
  const failures = results.filter(({ outcome }) => outcome === "violated").length;
  const errors = results.filter(({ outcome }) => outcome === "crashed").length;
  const skipped = results.length - failures - errors - results.filter(({ outcome }) => outcome === "holds").length;
  const counts = `tests="${results.length}" failures="${failures}" errors="${errors}"`;
  const suite = xmlText(scenario);
  const cases = results.map((result) => {
    const name = `    <testcase classname="${suite}" name="${xmlText(result.property)}"`;
    const inner = innerOf(result);
    return inner === "" ? `${name}/>` : `${name}>${inner}</testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="hindcast" ${counts} time="${seconds.toFixed(3)}">`,
    `  <testsuite name="${suite}" ${counts} skipped="${skipped}" time="${seconds.toFixed(3)}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function innerOf({ outcome, detail }: PropertyResult): string {
  const message = xmlText(detail);
  switch (outcome) {
    case "holds":
      return "";
    case "violated":
      return `<failure message="${message}"/>`;
    case "crashed":
      return `<error message="${message}"/>`;
    case "unknown":
    case "never-reached":
      return `<skipped message="${message}"/>`;
  }
}
