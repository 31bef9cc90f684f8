import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * A hash of a file's text and the texts of all files that it imports by relative paths, and those by theirs: it changes when
 * one of them does. What is imported by a computed path, or is a package, is not seen.
 *
 * @param resolve the absolute path of what a file imports; undefined when it is none.
 */
export function codeHash(file: string, resolve: (specifier: string, from: string) => string | undefined): string {
  const texts = new Map<string, string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (texts.has(next)) continue;
    const text = readFileSync(next, "utf8");
    texts.set(next, text);
    for (const specifier of relativeImports(text)) {
      const imported = resolve(specifier, next);
      if (imported !== undefined) open.push(imported);
    }
  }
  const hash = createHash("sha256").update(texts.get(file) as string);
  texts.delete(file);
  // By the way from the scenario's folder: a project that has moved as a whole is the same.
  const others = [...texts].map(([name, text]) => [path.relative(path.dirname(file), name), text] as const);
  for (const [name, text] of others.sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`\n${name}\n`).update(text);
  return `sha256 ${hash.digest("hex")}`;
}

/** Import and export declarations, `import("...")` and `require("...")`; one in a comment does no harm. */
function relativeImports(text: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'`])(\.{1,2}(?:\/[^"'`\n]*)?)\1/g;
  return [...text.matchAll(pattern)].map(([, , specifier]) => specifier as string);
}
