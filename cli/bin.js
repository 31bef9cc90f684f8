#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    "Hindcast is not built yet: there is no dist/cli/main.js. Run `npm run build` in its folder first.\n",
  );
  process.exitCode = 2;
}
