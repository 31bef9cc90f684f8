/** A checkpoint from which the search that was asked for cannot go on. The message is a clause: what is the matter. */
export class UnusableCheckpoint extends Error {
  override readonly name = "UnusableCheckpoint";
}
