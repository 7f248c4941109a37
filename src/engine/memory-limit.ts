/**
 * maxmemory: keeps `State.overMemory` true to the memory in use, so that admission needs to look at one bit.
 *
 * Memory in use changes when a command has changed data, or when background work has freed some; both ask for `check` while
 * `State.memoryLimited` is set. What counts is the data and the
 * tables of the arena, known to the byte.
 */

import type { Config } from '../config/config.js'
import { State } from './command.js'
import type { Store } from './store.js'

export class MemoryLimit {
  /** Infinity when there is no limit. */
  limitBytes: number
  private readonly store: Store

  constructor(store: Store, config: Config) {
    this.store = store
    this.limitBytes = Infinity
    const apply = (): undefined => this.setLimit(config.values.maxmemory)
    config.onChange(['maxmemory', 'replica-ignore-maxmemory'], apply)
    apply()
  }

  /** Sets or clears `State.overMemory`. */
  check(): void {
    const { store } = this
    if (store.usedMemory > this.limitBytes) store.state |= State.overMemory
    else store.state &= ~State.overMemory
  }

  private setLimit(bytes: number): undefined {
    const { store } = this
    const isIgnored = store.isReplica && store.config.values['replica-ignore-maxmemory']
    this.limitBytes = bytes === 0 || isIgnored ? Infinity : bytes
    store.state &= ~(State.memoryLimited | State.overMemory)
    if (this.limitBytes === Infinity) return
    store.state |= State.memoryLimited
    this.check()
  }
}
