/** Where something was found in a file: lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** A recording that cannot be judged: what was found, where, and what to do next. */
export class UnusableHistory extends Error {
  override readonly name = "UnusableHistory";
  constructor(
    readonly found: string,
    readonly remedy: string,
    readonly place?: Place,
  ) {
    super(`${place === undefined ? "" : `${showPlace(place)}: `}${found}; ${remedy}.`);
  }
}

/** `file:line:column`, or `line line:column` where no file is known. */
export function showPlace(place: Place): string {
  return `${place.file === undefined ? "line " : `${place.file}:`}${place.line}:${place.column}`;
}
