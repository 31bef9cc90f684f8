import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/soak/**"],
    testTimeout: 120_000,
    globalSetup: ["test/build.ts"],
    coverage: {
      provider: "v8",
      include: ["sim/**", "nodes/**", "checker/**", "observe/**", "scenarios/**", "report/**", "cli/**"],
    },
  },
});
