import type { AlikeClass } from "./alike.js";

/** Thrown when participants that were taken for alike turn out not to be. */
export class Asymmetry extends Error {
  constructor(
    readonly alike: AlikeClass,
    detail: string,
  ) {
    super(detail);
  }
}
