import { expect, test } from "vitest";
import { bundled } from "../../scenarios/bundled.js";
import { Folder } from "../cli/command-line.js";

const folder = new Folder();
const large = bundled.filter(({ states }) => states !== null && states > 200_000);

// The contract suite checks the smaller ones.
test.each(large.map(({ scenario, states }) => [scenario.name, states]))(
  "%s holds in its default scope, of as many states as `list` says",
  async (name, states) => {
    const { code, document } = await folder.json(["check", String(name)]);

    expect(document).toMatchObject({ verdict: "holds", complete: true, states, neverReached: [] });
    expect(code).toBe(0);
  },
);
