import path from "node:path";
import { defineConfig } from "vitest/config";

const rooms = ["sim", "nodes", "checker", "observe", "scenarios", "report", "cli"];
const isCovering = process.argv.some((argument) => argument.startsWith("--coverage"));

/**
 * Gives tests the code in `dist/` for that of the rooms: what users run, loaded by Node itself. That takes a third less time than
 * the same code as vitest transforms it, where each use of an import is a look-up. Coverage needs the sources.
 */
export const whatIsBuilt = {
  name: "what-is-built",
  enforce: "pre" as const,
  resolveId(source: string, importer: string | undefined) {
    if (isCovering || importer === undefined || !/^\.\.?\//.test(source)) return null;
    const wanted = path.relative(import.meta.dirname, path.resolve(path.dirname(importer), source));
    const isRoom = wanted === "index.js" || rooms.some((room) => wanted.startsWith(room + path.sep));
    return isRoom ? { id: path.join(import.meta.dirname, "dist", wanted), external: true } : null;
  },
};

export default defineConfig({
  plugins: [whatIsBuilt],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/soak/**"],
    testTimeout: 120_000,
    globalSetup: ["test/build.ts"],
    // Test files leave nothing behind in the process, so that those of a worker may load the rooms once.
    isolate: false,
    server: { deps: { external: [/\/dist\//] } },
    coverage: {
      provider: "v8",
      include: rooms.map((room) => `${room}/**`),
    },
  },
});
