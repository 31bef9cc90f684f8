/** A reduced search and the whole one gave different verdicts: the reduction is not sound here. */
export class AuditFailed extends Error {
  override readonly name = "AuditFailed";
}
