/**
 * CLIENT PAUSE: clients whose commands would change data (or all) wait until a moment, and so do expiry and eviction.
 *
 * Several purposes may pause at once (a command, a failover); the effective pause is the strictest and the latest of them.
 * Clients go on in the order in which they were stopped, at the end of the turn in which the pause ended and never from
 * within the command that ended it.
 */

import { type Client, Gate } from './client.js'
import { State } from './command.js'
import type { Store } from './store.js'
import { STOP, type TimeEvent } from './time-events.js'

export type PausePurpose = 'command' | 'shutdown' | 'failover' | 'snapshot' | 'migration'

interface PauseRequest {
  endMs: number
  isAll: boolean
}

export class Pause {
  private readonly store: Store
  private readonly requests: Map<PausePurpose, PauseRequest>
  private readonly waiting: Set<Client>
  private readonly event: TimeEvent
  private isReleasing: boolean

  constructor(store: Store) {
    this.store = store
    this.requests = new Map()
    this.waiting = new Set()
    this.isReleasing = false
    this.event = store.timeEvents.add('pause', 0, () => this.expire())
    this.event.cancel()
  }

  /** Clients that wait for the end of the pause. */
  get waitingCount(): number {
    return this.waiting.size
  }

  get purposes(): readonly PausePurpose[] {
    return [...this.requests.keys()]
  }

  get isActive(): boolean {
    return this.requests.size !== 0
  }

  /** Ms left of the longest pause. */
  remainingMs(nowMs: number): number {
    let end = 0
    for (const request of this.requests.values()) end = Math.max(end, request.endMs)
    return Math.max(0, end - nowMs)
  }

  get isAll(): boolean {
    for (const request of this.requests.values()) if (request.isAll) return true
    return false
  }

  /**
   * Pauses until `endMs`. A pause for the same purpose that lasts longer goes on longer. CLIENT PAUSE does not weaken an
   * earlier one of its own; for other purposes, what is paused is what was asked for last.
   */
  start(purpose: PausePurpose, endMs: number, isAll: boolean): void {
    const current = this.requests.get(purpose)
    if (current !== undefined) {
      current.endMs = Math.max(current.endMs, endMs)
      current.isAll = isAll || (purpose === 'command' && current.isAll)
    } else if (endMs <= this.store.environment.clock.nowMs()) return
    else this.requests.set(purpose, { endMs, isAll })
    this.apply()
  }

  end(purpose: PausePurpose): void {
    if (this.requests.delete(purpose)) this.apply()
  }

  /** The client's command was put back; it runs when the pause ends. */
  hold(client: Client): void {
    client.gate |= Gate.postponed
    this.waiting.add(client)
  }

  forget(client: Client): void {
    client.gate &= ~Gate.postponed
    this.waiting.delete(client)
  }

  private apply(): void {
    const { store } = this
    const isPaused = this.isActive
    store.state &= ~(State.pausedAll | State.pausedWrites)
    if (isPaused) store.state |= State.pausedWrites | (this.isAll ? State.pausedAll : 0)
    store.keyspace.deletesExpired = !isPaused && !store.isReplica
    if (isPaused) this.event.reschedule(this.nextEndMs() - store.environment.clock.nowMs())
    else this.event.cancel()
    this.releaseSoon()
  }

  private nextEndMs(): number {
    let next = Infinity
    for (const request of this.requests.values()) next = Math.min(next, request.endMs)
    return next
  }

  private expire(): number {
    const nowMs = this.store.environment.clock.nowMs()
    let hasEnded = false
    for (const [purpose, request] of this.requests) {
      if (request.endMs > nowMs) continue
      this.requests.delete(purpose)
      hasEnded = true
    }
    if (hasEnded) this.apply()
    return this.isActive ? Math.max(1, this.nextEndMs() - nowMs) : STOP
  }

  private releaseSoon(): void {
    if (this.isReleasing || (this.waiting.size === 0 && !this.store.blocking.hasReady)) return
    this.isReleasing = true
    this.store.environment.timers.soon(() => this.release())
  }

  /** Lets clients go on; those whose command is still paused come straight back. */
  private release(): void {
    this.isReleasing = false
    if ((this.store.state & State.pausedAll) !== 0) return
    for (const client of [...this.waiting]) {
      this.forget(client)
      client.port.resume()
    }
    if (this.store.blocking.hasReady) this.store.blocking.serve()
  }
}
