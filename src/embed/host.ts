/** What the direct sessions of one store share: the engine, its state of health, and who has output to be delivered. */

import type { TimerHandle } from '../base/environment.js'
import type { Store } from '../engine/store.js'
import type { DirectClient } from './direct-client.js'
import { type Failure, StoreError } from './failure.js'

export class Host {
  readonly engine: Store
  readonly failure: Failure
  /** Errors that a command replies are thrown, rather than returned as any other reply. */
  readonly throwsErrors: boolean
  isClosed: boolean
  /** A direct call is at work. */
  isBusy: boolean
  private readonly holdProcess: () => TimerHandle
  private ready: DirectClient[]
  private isTurnEndScheduled: boolean
  private waitingCount: number
  private hold: TimerHandle | undefined

  /** @param holdProcess  keeps the process from ending until the handle is cancelled */
  constructor(engine: Store, failure: Failure, throwsErrors: boolean, holdProcess: () => TimerHandle) {
    this.engine = engine
    this.failure = failure
    this.throwsErrors = throwsErrors
    this.isClosed = false
    this.isBusy = false
    this.holdProcess = holdProcess
    this.ready = []
    this.isTurnEndScheduled = false
    this.waitingCount = 0
    this.hold = undefined
  }

  /** @throws StoreError when the engine cannot be called now */
  checkUsable(): void {
    if (this.failure.error !== undefined) throw this.failure.error
    if (this.isClosed) throw new StoreError('The store is closed')
    if (this.isRunning) throw new StoreError('The store cannot be called from within a command')
  }

  /** The log, for one, is written from within commands. */
  get isRunning(): boolean {
    return this.isBusy || this.engine.executor.isRunning
  }

  // Output that arises outside a session's own calls: after the call that caused it, else at the end of the loop turn.

  get hasReady(): boolean {
    return this.ready.length !== 0
  }

  queue(client: DirectClient): void {
    this.ready.push(client)
    if (this.isTurnEndScheduled) return
    this.isTurnEndScheduled = true
    this.engine.environment.timers.atTurnEnd(() => {
      this.isTurnEndScheduled = false
      this.deliver()
    })
  }

  deliver(): void {
    while (this.ready.length !== 0) {
      const ready = this.ready
      this.ready = []
      for (const client of ready) client.deliver()
    }
  }

  // While a call waits, the process does not end for want of other work.

  startedWaiting(): void {
    if (this.waitingCount++ === 0) this.hold = this.holdProcess()
  }

  stoppedWaiting(): void {
    if (--this.waitingCount !== 0) return
    this.hold?.cancel()
    this.hold = undefined
  }
}
