/**
 * That a store is loading its data from disk, and how far it has come. Meanwhile most commands are answered with LOADING, and
 * no key counts as expired.
 */

import { State } from '../engine/command.js'
import { defineService } from '../engine/services.js'
import type { Store } from '../engine/store.js'

export class Loading {
  startMs: number
  /** Size of all files to be loaded; 0 when it is not known. */
  totalBytes: number
  loadedBytes: number
  /** Most memory that was in use while loading. */
  peakMemory: number
  private readonly store: Store

  constructor(store: Store) {
    this.store = store
    this.startMs = 0
    this.totalBytes = 0
    this.loadedBytes = 0
    this.peakMemory = 0
  }

  get isActive(): boolean {
    return (this.store.state & State.loading) !== 0
  }

  start(totalBytes: number): void {
    this.startMs = this.store.environment.clock.nowMs()
    this.totalBytes = totalBytes
    this.loadedBytes = 0
    this.peakMemory = 0
    this.store.state |= State.loading
    this.store.keyspace.isLoading = true
  }

  /** @param loadedBytes  of all files together */
  progress(loadedBytes: number): void {
    this.loadedBytes = loadedBytes
    this.peakMemory = Math.max(this.peakMemory, this.store.usedMemory)
  }

  stop(): void {
    this.store.state &= ~State.loading
    this.store.keyspace.isLoading = false
  }

  /** Percent of the bytes that have been loaded. */
  get percent(): number {
    return this.totalBytes === 0 ? 0 : (this.loadedBytes / this.totalBytes) * 100
  }

  /** Seconds that the rest will take at the present pace; 1 while nothing can be said. */
  get etaSeconds(): number {
    const seconds = Math.floor((this.store.environment.clock.nowMs() - this.startMs) / 1000)
    if (this.loadedBytes === 0 || seconds === 0) return 1
    return Math.trunc((seconds * (this.totalBytes - this.loadedBytes)) / this.loadedBytes)
  }
}

export const loading = defineService<Loading>('loading')
