import { defineConfig } from "vitest/config";
import { whatIsBuilt } from "./vitest.config.js";

/** The longer hunts: `npm run soak`. */
export default defineConfig({
  plugins: [whatIsBuilt],
  test: {
    include: ["test/soak/**/*.test.ts"],
    testTimeout: 3_600_000,
    globalSetup: ["test/build.ts"],
    server: { deps: { external: [/\/dist\//] } },
  },
});
