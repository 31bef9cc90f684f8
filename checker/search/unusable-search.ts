/** A search that cannot be made of this system: what is missing, and what to do next. */
export class UnusableSearch extends Error {
  override readonly name: string = "UnusableSearch";
}
