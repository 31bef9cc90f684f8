import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The documents that git knows or would take in. */
export const documents: readonly string[] = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");

/** What people read to learn the tool; its code and its commands must work as they stand. */
export const tutorials = documents.filter((file) => file === "README.md" || file.startsWith("docs/guide/"));

/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  /** The file that the fence names, as in "jsonl history.jsonl". */
  readonly file: string | undefined;
  readonly text: string;
  /** The number of its first line in the document. */
  readonly line: number;
}

export function textOf(document: string): string {
  return readFileSync(document, "utf8");
}

export function blocksOf(document: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { language: string; file: string | undefined; line: number; lines: string[] } | undefined;
  textOf(document)
    .split("\n")
    .forEach((line, i) => {
      if (open === undefined) {
        const [, language, file] = /^```(\w*)(?: ([\w.-]+))?\s*$/.exec(line) ?? [];
        if (language !== undefined) open = { language, file, line: i + 2, lines: [] };
      } else if (line === "```") {
        const { language, file, line: first, lines } = open;
        blocks.push({ language, file, line: first, text: lines.join("\n") });
        open = undefined;
      } else open.lines.push(line);
    });
  if (open !== undefined) throw new Error(`${document} has a block from line ${open.line} that does not end.`);
  return blocks;
}

/** The name of the file that a block is to be saved as: of TypeScript its first line, a comment; else what its fence says. */
export function fileNameOf({ language, file, text }: Block): string | undefined {
  return language === "ts" ? /^\/\/ ([\w-]+\.ts)\n/.exec(text)?.[1] : file;
}

/** A command of a `console` block, the exit code that it promises, and the lines of output that it shows. */
export interface Command {
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly shown: readonly string[];
  readonly line: number;
}

export function commandsOf(block: Block): readonly Command[] {
  const commands: { args: string[]; exitCode: number; shown: string[]; line: number }[] = [];
  block.text.split("\n").forEach((line, i) => {
    const [, words, code] = /^\$ npx hindcast (.*?)(?:\s+# exit code (\d+))?$/.exec(line) ?? [];
    if (words !== undefined) {
      commands.push({ args: words.split(" "), exitCode: Number(code ?? 0), shown: [], line: block.line + i });
      return;
    }
    const last = commands.at(-1);
    if (last === undefined || line.startsWith("$ ")) {
      throw new Error(`Line ${block.line + i} of a console block is no \`$ npx hindcast\` command: ${line}`);
    }
    last.shown.push(line);
  });
  return commands;
}
