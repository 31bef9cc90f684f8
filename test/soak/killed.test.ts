import seedrandom from "seedrandom";
import { expect, test } from "vitest";
import { Folder } from "../cli/command-line.js";
import { killedSearch } from "../cli/killed-search.js";

const folder = new Folder();

test("a search that is killed twenty times ends, resumed, as one that is not", async () => {
  const args = ["two-phase-commit", "--param", "rms=8"];
  const whole = await folder.json(["check", ...args]);

  const { kills, document } = await killedSearch(folder, args, 20, seedrandom("soak"));

  expect(document).toEqual({ ...whole.document, measured: null, checkpoint: null });
  expect(document.states).toBe(1745408);
  expect(kills).toBe(20);
});
