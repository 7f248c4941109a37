/**
 * Whether data can be written to disk at present. While it cannot, writing commands (and PING, which monitors ask) are refused with
 * MISCONF: what was accepted now might not survive.
 */

import { ErrorReply } from '../protocol/errors.js'
import { State } from './command.js'
import type { Store } from './store.js'

export class DiskTrouble {
  private readonly store: Store
  private isSnapshotFailing: boolean
  private appendOnlyError: ErrorReply | undefined

  constructor(store: Store) {
    this.store = store
    this.isSnapshotFailing = false
    this.appendOnlyError = undefined
  }

  /** What a writing command gets as reply; undefined when all is well. */
  get error(): ErrorReply | undefined {
    return this.isSnapshotFailing ? ErrorReply.misconfSnapshot : this.appendOnlyError
  }

  /** The last background snapshot failed, and the configuration says that writes are to stop then. */
  setSnapshot(isFailing: boolean): void {
    this.isSnapshotFailing = isFailing
    this.apply()
  }

  /** @param reason  why the append-only file cannot be written or synced, in C's words; undefined when it can */
  setAppendOnly(reason: string | undefined): void {
    this.appendOnlyError = reason === undefined ? undefined : ErrorReply.misconfAppendOnly(reason)
    this.apply()
  }

  private apply(): void {
    if (this.error === undefined) this.store.state &= ~State.diskError
    else this.store.state |= State.diskError
  }
}
