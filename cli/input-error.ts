/** Input that cannot be used: the sentence says what was found, where, and what to do next. Exit code 2, no stack. */
export class InputError extends Error {
  override readonly name = "InputError";
}
