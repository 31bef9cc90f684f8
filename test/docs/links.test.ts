import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { documents, textOf } from "./markdown.js";

/** A document's prose, without its blocks and spans of code. */
function proseOf(document: string): string {
  return textOf(document)
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, "code");
}

function linksOf(document: string): readonly string[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors of a document's headings, as they are made by the usual renderers. */
function anchorsOf(document: string): readonly string[] {
  const headings = textOf(document)
    .replace(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}

test("every link between documents leads to a file and a heading that exist", () => {
  const links = documents.flatMap((document) =>
    linksOf(document)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ document, target })),
  );
  const broken = links.filter(({ document, target }) => {
    const [file = "", anchor] = target.split("#");
    const found = file === "" ? document : path.join(path.dirname(document), file);
    if (!existsSync(found)) return true;
    return anchor !== undefined && !(statSync(found).isFile() && anchorsOf(found).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test("every page of docs/ can be reached from the README", () => {
  const reached = new Set<string>();
  const visit = (document: string): void => {
    if (reached.has(document) || !document.endsWith(".md")) return;
    reached.add(document);
    for (const target of linksOf(document).filter((one) => !/^[a-z]+:/.test(one))) {
      visit(path.join(path.dirname(document), target.split("#")[0] ?? ""));
    }
  };
  visit("README.md");
  expect(documents.filter((document) => document.startsWith("docs/") && !reached.has(document))).toEqual([]);
});
