import { expect, test } from "vitest";
import { junitReport } from "../../report/junit.js";

test("a JUnit report counts its cases by outcome, and escapes what XML cannot hold", () => {
  const report = junitReport(
    "mine",
    [
      { property: "a < b & c", outcome: "violated", detail: 'it is "5"\nand \u0001' },
      { property: "d", outcome: "holds", detail: "" },
      { property: "e", outcome: "never-reached", detail: "never reached" },
      { property: "f", outcome: "crashed", detail: "threw" },
      { property: "g", outcome: "unknown", detail: "not decided" },
    ],
    1.5,
  );

  expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hindcast" tests="5" failures="1" errors="1" time="1.500">
  <testsuite name="mine" tests="5" failures="1" errors="1" skipped="2" time="1.500">
    <testcase classname="mine" name="a &lt; b &amp; c"><failure message="it is &quot;5&quot;&#10;and \ufffd"/></testcase>
    <testcase classname="mine" name="d"/>
    <testcase classname="mine" name="e"><skipped message="never reached"/></testcase>
    <testcase classname="mine" name="f"><error message="threw"/></testcase>
    <testcase classname="mine" name="g"><skipped message="not decided"/></testcase>
  </testsuite>
</testsuites>
`);
});
