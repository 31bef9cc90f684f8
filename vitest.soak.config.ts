import { defineConfig } from "vitest/config";

/** The longer hunts: `npm run soak`. */
export default defineConfig({ test: { include: ["test/soak/**/*.test.ts"], testTimeout: 3_600_000 } });
