import type { SearchFigures, SearchRun } from "./search-run.js";
import { makeVerifier, missingTool, type SpinFigures } from "./spin.js";
import { median, table } from "./table.js";

const rounds = 3;

/**
 * Two-phase commit with `--reduce all` and with each reduction alone, and SPIN with its own partial-order reduction on the
 * same model, in turn. How many states are left differs by design: SPIN knows no symmetry.
 */
export function benchReduced(
  search: (run: SearchRun & { readonly title: string }) => SearchFigures,
  model: string,
): void {
  const missing = missingTool();
  const rows = [5, 7, 9].flatMap((size) => {
    const title = `two-phase-commit, N=${size}`;
    const kinds = (["symmetry", "por", "all"] as const).filter((reduce) => size < 9 || reduce !== "por");
    const figures = kinds.map((): SearchFigures[] => []);
    const spins: SpinFigures[] = [];
    const verifier =
      missing === undefined ? makeVerifier(model, { size, states: 6 ** size, reduces: true }) : undefined;
    for (let round = 0; round < rounds; round += 1) {
      kinds.forEach((reduce, i) => {
        const settings = { parameters: { rms: size } };
        figures[i]?.push(
          search({ title: `${title}, --reduce ${reduce}`, scenario: "two-phase-commit", settings, reduce }),
        );
      });
      if (verifier !== undefined) spins.push(verifier.run());
    }
    verifier?.remove();
    return [
      ...kinds.map((reduce, i) => row(`${title}, --reduce ${reduce}`, figures[i] ?? [])),
      ...(verifier === undefined ? [] : [row(`${title}, SPIN reduced`, spins)]),
    ];
  });
  table(["reduced", "states", "transitions", "CPU s of the process", "peak MB"], rows);
}

function row(title: string, runs: readonly (SearchFigures | SpinFigures)[]): string[] {
  const { states = 0, transitions = 0 } = runs[0] ?? {};
  const seconds = median(runs.map((run) => ("cpuSecondsOfProcess" in run ? run.cpuSecondsOfProcess : run.cpuSeconds)));
  const peak = median(runs.map((run) => run.peakBytes)) / 1e6;
  return [title, states.toLocaleString("en"), transitions.toLocaleString("en"), seconds.toFixed(2), peak.toFixed(0)];
}
