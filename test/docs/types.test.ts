import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { firstScenario, firstTsconfig } from "../../cli/first-scenario.js";
import { blocksOf, tutorials } from "./markdown.js";

const folder = path.resolve("test/docs/blocks");

/** The blocks of code as files beside each other, and the file that `init` writes. */
const sources = new Map<string, string>(
  tutorials.flatMap((document) =>
    blocksOf(document)
      .filter(({ language }) => language === "ts")
      .map(({ text, line }) => [path.join(folder, `${document.replaceAll("/", "-")}-${line}.ts`), text] as const),
  ),
);
sources.set(path.join(folder, "init.ts"), firstScenario("lock"));

test("every block of code type-checks against the public interface, with the options that `init` writes", () => {
  const { compilerOptions } = JSON.parse(
    firstTsconfig({
      hindcast: path.resolve("dist/index.d.ts"),
      immutable: path.resolve("node_modules/immutable/dist/immutable.d.ts"),
    }),
  ) as { compilerOptions: object };
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, folder);
  expect(errors).toEqual([]);
  const host = ts.createCompilerHost(options);
  const [fileExists, readFile, getSourceFile] = [host.fileExists, host.readFile, host.getSourceFile];
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = sources.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, rest[0]);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const found = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${path.basename(file?.fileName ?? "")}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
  expect(sources.size).toBeGreaterThan(5);
  expect(found).toEqual([]);
});
