import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Settings } from "../sim/compile.js";
import type { SearchFigures, SearchRun } from "./search-run.js";
import { benchReduced } from "./reduced.js";
import { makeVerifier, missingTool, type SpinFigures } from "./spin.js";
import { median, table } from "./table.js";
import { benchWorkers } from "./workers.js";

const rounds = 3;

interface Subject extends SearchRun {
  readonly title: string;
}

const subjects: readonly Subject[] = [
  subject("paxos, network as bitset", {}),
  subject("paxos, network interned", {}, 0),
  subject("paxos, drop=any, network as bitset", { faults: { drop: "any" } }),
  subject("paxos, drop=any, network interned", { faults: { drop: "any" } }, 0),
  subject("raft", {}),
  subject("zardozbook, fix=sticky", { parameters: { fix: "sticky" } }),
];

/**
 * The exhaustive search, each time in a fresh process: by two workers and by one; and beside it SPIN on the same two-phase commit, in turn: medians
 * of the CPU seconds.
 *
 * @throws when SPIN stores another number of states, or a search does not end with `holds`.
 */
export async function bench(): Promise<void> {
  console.log(
    `Medians of ${rounds} runs. CPU seconds are user and system; bytes per state are the peak's above the base.\n`,
  );
  benchWorkers(search);
  besideSpin([7, 8, 9]);
  const figures = subjects.map((): SearchFigures[] => []);
  for (let round = 0; round < rounds; round += 1) subjects.forEach((one, i) => figures[i]?.push(search(one)));
  printSearches(subjects, figures);
  benchReduced(search, model);
}

/** Searches two-phase commit of each size by this engine and by SPIN, in turn, and prints both and the ratio. */
function besideSpin(sizes: readonly number[]): void {
  const missing = missingTool();
  if (missing !== undefined) console.log(`Without SPIN: ${missing}.\n`);
  const commits = sizes.map((rms) => subject(`two-phase-commit, N=${rms}`, { parameters: { rms } }));
  const ours = commits.map((): SearchFigures[] => []);
  const spins: (readonly [string, SearchFigures[], SpinFigures[]])[] = [];
  sizes.forEach((size, i) => {
    const [one, figures, spinFigures] = [commits[i] as Subject, ours[i] as SearchFigures[], [] as SpinFigures[]];
    const states = 2 ** size + 4 ** size + 6 ** size;
    const verifier = missing === undefined ? makeVerifier(model, { size, states }) : undefined;
    for (let round = 0; round < rounds; round += 1) {
      figures.push(search(one));
      if (verifier !== undefined) spinFigures.push(told(`SPIN, ${one.title}`, verifier.run()));
    }
    verifier?.remove();
    refuseOthers(one, figures, spinFigures);
    if (verifier !== undefined) spins.push([one.title, figures, spinFigures]);
  });
  printSearches(commits, ours);
  if (spins.length > 0) printRatios(spins);
}

/** SPIN's model is only equivalent if it has as many states. */
function refuseOthers({ title }: Subject, ours: readonly SearchFigures[], spins: readonly SpinFigures[]): void {
  const states = ours[0]?.states;
  const other = spins.find((spin) => spin.states !== states);
  if (other !== undefined) throw new Error(`${title}: SPIN stores ${other.states} states, and the search ${states}.`);
}

function search({ title, ...run }: Subject): SearchFigures {
  const file = fileURLToPath(new URL("./search-run.js", import.meta.url));
  const output = execFileSync(process.execPath, ["--expose-gc", file, JSON.stringify(run)], { encoding: "utf8" });
  const figures = JSON.parse(output) as SearchFigures;
  if (figures.verdict !== "holds") throw new Error(`${title}: the search ends with "${figures.verdict}".`);
  return told(title, figures);
}

/** Tells what a run took as soon as it is over, as all of them take minutes. */
function told<Figures extends SearchFigures | SpinFigures>(title: string, figures: Figures): Figures {
  console.error(`${title}: ${whole(figures.states)} states, ${figures.cpuSeconds.toFixed(2)} CPU s`);
  return figures;
}

function printSearches(searched: readonly Subject[], figures: readonly (readonly SearchFigures[])[]): void {
  table(
    [
      "search",
      "states",
      "transitions",
      "CPU s",
      "states/CPU s",
      "transitions/CPU s",
      "bytes/state",
      "base MB",
      "peak MB",
    ],
    searched.map(({ title }, i) => {
      const runs = figures[i] ?? [];
      const { states = 0, transitions = 0 } = runs[0] ?? {};
      const middle = (of: (run: SearchFigures) => number) => median(runs.map(of));
      const seconds = middle((run) => run.cpuSeconds);
      return [
        title,
        whole(states),
        whole(transitions),
        seconds.toFixed(2),
        whole(states / seconds),
        whole(transitions / seconds),
        whole(middle((run) => (run.peakBytes - run.baseBytes) / run.states)),
        whole(middle((run) => run.baseBytes) / 1e6),
        whole(middle((run) => run.peakBytes) / 1e6),
      ];
    }),
  );
}

/** Both sides with all that their process took, its start included. */
function printRatios(spins: readonly (readonly [string, readonly SearchFigures[], readonly SpinFigures[]])[]): void {
  table(
    ["beside SPIN, whole processes", "CPU s", "SPIN CPU s", "ratio", "each round's", "peak MB", "SPIN peak MB"],
    spins.map(([title, ours, spin]) => {
      const [own, other] = [ours.map((run) => run.cpuSecondsOfProcess), spin.map((run) => run.cpuSeconds)];
      return [
        title,
        median(own).toFixed(2),
        median(other).toFixed(2),
        (median(own) / median(other)).toFixed(2),
        own.map((seconds, i) => (seconds / (other[i] ?? Number.NaN)).toFixed(2)).join(" "),
        whole(median(ours.map((run) => run.peakBytes)) / 1e6),
        whole(median(spin.map((run) => run.peakBytes)) / 1e6),
      ];
    }),
  );
}

function subject(title: string, settings: Settings, inboxBits?: number): Subject {
  return { title, scenario: title.replace(/,.*/, ""), settings, ...(inboxBits === undefined ? {} : { inboxBits }) };
}

/** The compiled benchmarks lie in `dist/.bench/bench/`, the model with its source. */
const model = fileURLToPath(new URL("../../../bench/two-phase-commit.pml", import.meta.url));

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
