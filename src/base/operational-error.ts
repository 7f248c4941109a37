/**
 * The world's failure: a full disk, a peer that left, a corrupt file.
 *
 * Whoever owns the resource catches it and decides: retry, answer MISCONF, drop the link, stop.
 */
export class OperationalError extends Error {
  override readonly name: string = 'OperationalError'
  /** Stable, for programs: an errno name such as ENOSPC, or one of our own such as RDB_CORRUPT. */
  readonly code: string
  /** What it happened to: a path or a peer's address. */
  readonly subject: string

  /** @param cause  the error underneath, when there is one */
  constructor(code: string, subject: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.subject = subject
  }
}
