import type { SearchFigures, SearchRun } from "./search-run.js";
import { median } from "./table.js";

const pairsMax = 20;
/** With so many that count no more are needed; with fewer than the least, nothing can be said. */
const pairsEnough = 9;
const pairsMin = 5;

/** CPU seconds per second of the clock: a run that had less did not get its cores to itself. */
const oneWorkerMin = 0.95;
const twoWorkersMin = 1.8;

/**
 * Two-phase commit, N = 9, by one worker and by two, in turn. A pair counts if the machine gave both their cores; the median of
 * the ratios of their seconds by the clock is printed if at least five of up to twenty do, else all figures.
 *
 * @throws when both do not find the same states and transitions.
 */
export function benchWorkers(search: (run: SearchRun & { readonly title: string }) => SearchFigures): void {
  const title = "two-phase-commit, N=9";
  const run = { title, scenario: "two-phase-commit", settings: { parameters: { rms: 9 } } };
  const pairs: Pair[] = [];
  while (pairs.length < pairsMax && pairs.filter(counts).length < pairsEnough) {
    const [one, two] = [search({ ...run, workers: 1 }), search({ ...run, title: `${title}, 2 workers`, workers: 2 })];
    if (one.states !== two.states || one.transitions !== two.transitions) {
      throw new Error(`${title}: two workers find ${two.states} states, and one ${one.states}.`);
    }
    pairs.push({ one, two });
  }
  const counted = pairs.filter(counts);
  const isMeasurable = counted.length >= pairsMin;
  const ratio = isMeasurable ? `${median(counted.map(ratioOf)).toFixed(2)} times as fast` : "not measurable";
  console.log(
    `two workers, ${title}: ${ratio}; ${counted.length} of ${pairs.length} pairs had their cores to themselves`,
  );
  for (const pair of isMeasurable ? counted : pairs) console.log(`  ${lineOf(pair)}`);
  console.log();
}

interface Pair {
  readonly one: SearchFigures;
  readonly two: SearchFigures;
}

function counts({ one, two }: Pair): boolean {
  return coresOf(one) >= oneWorkerMin && coresOf(two) >= twoWorkersMin;
}

function coresOf({ cpuSeconds, seconds }: SearchFigures): number {
  return cpuSeconds / seconds;
}

function ratioOf({ one, two }: Pair): number {
  return one.seconds / two.seconds;
}

function lineOf(pair: Pair): string {
  const told = (run: SearchFigures) => `${run.seconds.toFixed(2)} s (${coresOf(run).toFixed(2)} cores)`;
  return `${told(pair.one)} by one, ${told(pair.two)} by two: ${ratioOf(pair).toFixed(2)}`;
}
