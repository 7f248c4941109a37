/**
 * Assertions: our own mistakes, checked in production too.
 *
 * A condition is a plain comparison. It takes no template message, since that would be built on success as well; the
 * stack trace names the line.
 */

/** A broken invariant of ours, never the fault of a client, a peer or a file. */
export class AssertionError extends Error {
  override readonly name: string = 'AssertionError'
}

/** @throws AssertionError when `condition` is false */
export function assert(condition: boolean): asserts condition {
  if (!condition) failAssertion('assertion failed')
}

/** Marks a branch that cannot be reached; `what` says in a constant text why it was thought impossible. */
export function unreachable(what = 'unreachable'): never {
  failAssertion(what)
}

/** Kept out of `assert`, so that the check itself stays small enough to be inlined everywhere. */
function failAssertion(message: string): never {
  throw new AssertionError(message)
}
