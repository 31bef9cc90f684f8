import { UnusableSearch } from "../unusable-search.js";

/** A reduction that was asked for and does not preserve what is checked, or does not apply: why, and what to do next. */
export class ReductionRefused extends UnusableSearch {
  override readonly name = "ReductionRefused";
}
