import { execFileSync } from "node:child_process";

/** Builds `dist/` once before the tests, so that those which run the real command line run what is checked out. */
export default function build(): void {
  execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
}
