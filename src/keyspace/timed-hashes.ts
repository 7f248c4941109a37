/**
 * The hashes of a database of which fields have an expiry time, the one with the earliest first: where active expiry looks, so
 * that it neither searches hashes nor fields. See types/timed-hash.ts for the things in this heap.
 */

import { assert } from '../base/assert.js'
import type { Arena } from '../memory/arena.js'
import type { Pointer } from '../memory/pointer.js'
import {
  addDue,
  dueCount,
  dueOf,
  firstDue,
  newDueHeap,
  removeDue,
  reserveDue,
  settleDue,
  validateDueHeap,
} from '../structures/due-heap.js'
import { setTimedEntry, timedEntry } from './types/timed-hash.js'

export class TimedHashes {
  /** The heap; 0 while there is none. */
  heap: Pointer
  private readonly arena: Arena

  constructor(arena: Arena) {
    this.heap = 0
    this.arena = arena
  }

  get count(): number {
    return this.heap === 0 ? 0 : dueCount(this.arena, this.heap)
  }

  /** The entry of the hash with the field that falls due first, if that is before a moment; otherwise 0. */
  dueBefore(momentMs: number): Pointer {
    if (this.heap === 0) return 0
    const first = firstDue(this.arena, this.heap)
    return first === 0 || dueOf(this.arena, first) >= momentMs ? 0 : timedEntry(this.arena, first)
  }

  /** Makes room for one more; false without memory. */
  reserve(): boolean {
    const heap = this.heap === 0 ? newDueHeap(this.arena) : reserveDue(this.arena, this.heap)
    if (heap !== 0) this.heap = heap
    return heap !== 0
  }

  /** Takes the hash of an entry in, for which `reserve` has made room. */
  add(block: Pointer, entry: Pointer): void {
    setTimedEntry(this.arena, block, entry)
    // A key that moves within the database may just have been the last in the heap: its block is free then.
    if (this.heap === 0) this.heap = newDueHeap(this.arena)
    assert(this.heap !== 0)
    this.heap = addDue(this.arena, this.heap, block)
  }

  /** The hash leaves the database, or has no timed fields any more. */
  remove(block: Pointer): void {
    this.heap = removeDue(this.arena, this.heap, block)
    if (dueCount(this.arena, this.heap) === 0) this.forget()
  }

  /** The entry of a hash has moved. */
  moved(block: Pointer, entry: Pointer): void {
    setTimedEntry(this.arena, block, entry)
  }

  /** The due time of a hash has changed. */
  settle(block: Pointer): void {
    settleDue(this.arena, this.heap, block)
  }

  swap(other: TimedHashes): void {
    const { heap } = this
    this.heap = other.heap
    other.heap = heap
  }

  /** All hashes go, by other hands. */
  forget(): void {
    if (this.heap !== 0) this.arena.free(this.heap)
    this.heap = 0
  }

  validate(): void {
    if (this.heap !== 0) validateDueHeap(this.arena, this.heap)
  }
}
