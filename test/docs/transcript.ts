/** What differs from run to run in a command's output, in a line of it. */
export function withoutMeasures(line: string): string {
  return line
    .replace(/[\d.,]+ (?:ms|s|min|h)\b(?: [\d.,]+ s\b)?/g, "<time>")
    .replace(/[\d.,]+ [kMG]i?B\b/g, "<size>")
    .trimEnd();
}

/**
 * Why a transcript is not this output, or undefined. Times and sizes aside, each line shown is a line of the output, and
 * `[... n lines ...]` stands for exactly n lines.
 */
export function differenceOf(shown: readonly string[], output: string): string | undefined {
  const lines = output.trimEnd().split("\n");
  let at = 0;
  for (const line of shown) {
    const [, left] = /^\[\.\.\. (\d+) lines? \.\.\.\]$/.exec(line) ?? [];
    if (left !== undefined) {
      at += Number(left);
      continue;
    }
    if (withoutMeasures(line) !== withoutMeasures(lines[at] ?? "")) {
      return `line ${at + 1} of the output is\n  ${lines[at] ?? "(there is none)"}\nand the text shows\n  ${line}`;
    }
    at += 1;
  }
  return shown.length === 0 || at === lines.length
    ? undefined
    : `the output has ${lines.length} lines, and the text tells of ${at}`;
}
