import { readFileSync } from "node:fs";
import path from "node:path";

/** The folder of this package, whether its code runs from `dist/` or from the sources. */
export const packageFolder = folderWithPackage(import.meta.dirname);

/** This package's version. */
export const version = (
  JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")) as { readonly version: string }
).version;

function folderWithPackage(start: string): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    try {
      readFileSync(path.join(folder, "package.json"));
      return folder;
    } catch (error) {
      if (path.dirname(folder) === folder) throw error;
    }
  }
}
