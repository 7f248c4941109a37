/**
 * Keys on their way to other servers.
 *
 * The reference stands still while MIGRATE waits for the target. Here only writes wait, and only from the moment at which the first key is
 * written out until the last reply is in: connecting, which may take as long as the time-out, holds nobody up. As in a pause for
 * writes, neither expiry nor eviction touches a key meanwhile, so what is deleted in the end is what the target has. Readers see
 * the keys until then. Transfers run one after another.
 */

import type { Store } from '../../engine/store.js'
import { defineService } from '../../engine/services.js'
import type { MigrationProblem, MigrationRequest, MigrationResult } from './request.js'
import type { Target } from './target.js'
import { Targets } from './targets.js'
import { Transfer } from './transfer.js'

/** The pause ends when the transfer does; no time-out is as long as this. */
const PAUSE_MS = 1 << 30
/** How soon to look again whether a script has come to its end. */
const LOOK_AGAIN_MS = 1

export type MigrationDone = (result: MigrationResult) => void

interface Migration {
  readonly request: MigrationRequest
  /** Part of a transaction: everybody else waits all the time. */
  readonly isNested: boolean
  readonly done: MigrationDone
  mayTryAgain: boolean
  target: Target | undefined
}

export class Migrations {
  private readonly store: Store
  private readonly targets: Targets
  /** With a link to their target. */
  private readonly ready: Migration[]
  /** The one whose keys are being sent. */
  private active: Migration | undefined
  /** A transaction's migration is under way. */
  private holdsAll: boolean

  constructor(store: Store) {
    this.store = store
    this.targets = new Targets(store)
    this.ready = []
    this.active = undefined
    this.holdsAll = false
  }

  get cachedTargets(): number {
    return this.targets.count
  }

  /** @param done  called from the event loop, when no other command has been put aside but the caller's */
  start(request: MigrationRequest, isNested: boolean, done: MigrationDone): void {
    if (isNested) {
      this.holdsAll = true
      this.hold()
    }
    this.connect({ request, isNested, done, mayTryAgain: true, target: undefined })
  }

  private connect(migration: Migration): void {
    const { host, port, timeoutMs } = migration.request
    const target = this.targets.find(host, port)
    if (target !== undefined) return this.enqueue(migration, target)
    this.targets.open(host, port, timeoutMs, (opened) => {
      if (opened === undefined) this.deliver(migration, outcome('connecting'))
      else this.enqueue(migration, opened)
    })
  }

  private enqueue(migration: Migration, target: Target): void {
    migration.target = target
    this.ready.push(migration)
    this.store.environment.timers.soon(() => this.runNext())
  }

  private runNext(): void {
    if (this.active !== undefined) return
    const at = this.ready.findIndex(({ isNested }) => isNested || !this.isBusy)
    if (at < 0) {
      if (this.ready.length !== 0) this.store.environment.timers.after(LOOK_AGAIN_MS, () => this.runNext())
      return
    }
    this.transfer(this.ready.splice(at, 1)[0]!)
  }

  private transfer(migration: Migration): void {
    const { request } = migration
    const target = migration.target!
    if (target.isLost) return this.tryAgain(migration, outcome('reading'))
    this.store.executor.beginBatch()
    const keys = request.keys.filter(({ name }) => request.database.peek(name, 0, name.length) !== 0)
    if (keys.length === 0) return this.deliver(migration, outcome('missing'))
    this.active = migration
    this.hold()
    new Transfer(this.store, request, keys, target, (result, mayTryAgain) => {
      if (result.problem === 'writing' || result.problem === 'reading') this.targets.close(target)
      if (mayTryAgain && migration.mayTryAgain) {
        this.release(migration)
        this.tryAgain(migration, result)
      } else this.deliver(migration, result)
    }).start()
  }

  /** Links that were kept are often found closed: a new one is worth a try. */
  private tryAgain(migration: Migration, result: MigrationResult): void {
    if (!migration.mayTryAgain) return this.deliver(migration, result)
    migration.mayTryAgain = false
    this.connect(migration)
  }

  /** Hands the outcome over; a script that has been put aside comes to its end first. Writes wait until then. */
  private deliver(migration: Migration, result: MigrationResult): void {
    if (!migration.isNested && this.isBusy) {
      this.store.environment.timers.after(LOOK_AGAIN_MS, () => this.deliver(migration, result))
      return
    }
    if (migration.isNested) this.holdsAll = false
    // Whoever was held back goes on after this turn, when the keys are deleted.
    this.release(migration)
    migration.done(result)
  }

  private release(migration: Migration): void {
    if (this.active === migration) this.active = undefined
    if (this.active !== undefined || this.holdsAll) this.hold()
    else this.store.pause.end('migration')
    if (this.ready.length !== 0) this.store.environment.timers.soon(() => this.runNext())
  }

  private hold(): void {
    const { environment, pause } = this.store
    pause.start('migration', environment.clock.nowMs() + PAUSE_MS, this.holdsAll)
  }

  private get isBusy(): boolean {
    return this.store.executor.suspension.isActive
  }
}

function outcome(problem: MigrationProblem): MigrationResult {
  return { problem, targetError: '', moved: [] }
}

export const migrations = defineService<Migrations>('migrations')
