import type { Outcome } from "./machine.js";
import type { Positions, Witnesses } from "./witnesses.js";

/** Why a machine gave an output: which inputs before it, kept, force that output whatever else is left out. */
export type Provenance<Output> = ExactProvenance<Output> | PartialProvenance<Output> | SliceOnlyProvenance<Output>;

/** What all answers have. */
export interface Explained<Output> {
  readonly outcome: Outcome<Output>;
  /** How many inputs there were before the explained one; positions count from 0. */
  readonly length: number;
  /** The positions that every explanation has. */
  readonly core: Positions;
  /** Nodes of diagrams that were made: the same on every machine. */
  readonly nodes: number;
}

/** All explanations, and no other. */
export interface ExactProvenance<Output> extends Explained<Output> {
  readonly status: "exact";
  readonly witnesses: Witnesses;
}

/** Some explanations, each of them certified; there may be more. */
export interface PartialProvenance<Output> extends Explained<Output> {
  readonly status: "partial";
  readonly found: readonly Positions[];
  /** Some minimal sets of deletions that change the output. */
  readonly cuts: readonly Positions[];
  /** A closed witness, minimal or not. */
  readonly support: Positions;
}

/** Only a closed witness: it forces the output, and may hold more than is needed. */
export interface SliceOnlyProvenance<Output> extends Explained<Output> {
  readonly status: "slice-only";
  readonly support: Positions;
}
