/**
 * Looks ahead in a pipeline: hashes the keys of the next requests and reads their buckets and entries, so that the misses of
 * the processor's cache overlap instead of following one another.
 *
 * With a million keys a look-up waits twice for main memory, once for the bucket and once for the entry, and these waits are
 * the larger part of a GET. The requests that follow stand in the read buffer already: up to KEYS_AHEAD keys (the first argument of
 * each, or all keys of one MSET or MGET) are taken together through three loops, hashes, buckets, entries, whose iterations do not depend on
 * one another. What was hashed is remembered, by place in the buffer, until the end of the batch.
 *
 * A guess that is wrong (the argument is no key, another database is meant) costs a little time and changes nothing.
 */

import { halfSipHash } from '../base/half-siphash.js'
import type { KeyTable } from './key-table.js'

/** Keys taken together. */
export const KEYS_AHEAD = 16
/** Tables with fewer entries fit the cache by themselves. */
const ENTRIES_MIN = 1 << 15
/** Longer requests are not looked into. */
const ARGUMENTS_MAX = 8

const STAR = 0x2a
const DOLLAR = 0x24
const CR = 0x0d
const ZERO = 0x30

export class LookAhead {
  private readonly key0: number
  private readonly key1: number
  private bytes: Uint8Array | undefined
  private readonly starts: Int32Array
  private readonly ends: Int32Array
  private readonly hashes: Int32Array
  private readonly entries: Int32Array
  /** Keys remembered; 0 when nothing is. */
  count: number
  /** The next remembered key that is expected to be asked for. */
  private next: number
  /** Left by `scanRequest`: the key of the request, and where the request ends. */
  private foundStart: number
  private foundEnd: number

  constructor(key0: number, key1: number) {
    this.key0 = key0
    this.key1 = key1
    this.bytes = undefined
    this.starts = new Int32Array(KEYS_AHEAD)
    this.ends = new Int32Array(KEYS_AHEAD)
    this.hashes = new Int32Array(KEYS_AHEAD)
    this.entries = new Int32Array(KEYS_AHEAD)
    this.count = 0
    this.next = 0
    this.foundStart = 0
    this.foundEnd = 0
  }

  /** True when looking ahead in a table is worth it. */
  paysFor(table: KeyTable): boolean {
    return table.count >= ENTRIES_MIN
  }

  /** Forgets: the buffer is about to change. */
  clear(): void {
    this.bytes = undefined
    this.count = 0
    this.next = 0
  }

  /** The hash of a key, remembered or new. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    const next = this.next
    if (next < this.count && this.starts[next] === start && this.ends[next] === end && this.bytes === bytes) {
      this.next = next + 1
      return this.hashes[next]!
    }
    return halfSipHash(bytes, start, end, this.key0, this.key1)
  }

  /**
   * Takes the keys of the complete requests from `position` on.
   *
   * @returns how many requests were looked at; the caller comes back when these have been run
   */
  scan(bytes: Uint8Array, position: number, end: number, table: KeyTable): number {
    this.clear()
    let at = position
    let requests = 0
    let count = 0
    while (requests < KEYS_AHEAD) {
      const after = this.scanRequest(bytes, at, end)
      if (after < 0) break
      requests++
      at = after
      if (this.foundEnd === 0) continue
      this.starts[count] = this.foundStart
      this.ends[count++] = this.foundEnd
    }
    if (requests > 1) this.fetch(bytes, count, table)
    return requests
  }

  /**
   * Brings the keys of one request near: arguments `first`, `first + step` and so on, KEYS_AHEAD of them at most. Their hashes
   * are not remembered: the command may end before it has asked for all of them.
   */
  take(
    bytes: Uint8Array, starts: Int32Array, ends: Int32Array, first: number, argc: number, step: number, table: KeyTable,
  ): void {
    if (table.count < ENTRIES_MIN) return
    this.clear()
    let count = 0
    for (let i = first; i < argc && count < KEYS_AHEAD; i += step) {
      this.starts[count] = starts[i]!
      this.ends[count++] = ends[i]!
    }
    if (count > 1) this.fetch(bytes, count, table)
    this.clear()
  } // prettier-ignore

  private fetch(bytes: Uint8Array, count: number, table: KeyTable): void {
    const { starts, ends, hashes, key0, key1 } = this
    for (let i = 0; i < count; i++) hashes[i] = halfSipHash(bytes, starts[i]!, ends[i]!, key0, key1)
    table.fetchBuckets(hashes, count)
    table.fetchEntries(hashes, this.entries, count)
    this.bytes = bytes
    this.count = count
  }

  /**
   * Reads over one request of short arguments.
   *
   * @returns the position behind it; -1 when it is not complete or not of the usual form
   */
  private scanRequest(bytes: Uint8Array, position: number, end: number): number {
    this.foundEnd = 0
    if (position + 4 > end || bytes[position] !== STAR || bytes[position + 2] !== CR) return -1
    const argc = bytes[position + 1]! - ZERO
    if (argc < 1 || argc > ARGUMENTS_MAX) return -1
    let at = position + 4
    for (let i = 0; i < argc; i++) {
      if (at + 4 > end || bytes[at] !== DOLLAR) return -1
      let length = bytes[at + 1]! - ZERO
      at += 2
      for (let digits = 0; bytes[at] !== CR; at++) {
        const digit = bytes[at]! - ZERO
        if (digit < 0 || digit > 9 || ++digits > 5 || at >= end) return -1
        length = length * 10 + digit
      }
      at += 2
      if (i === 1) {
        this.foundStart = at
        this.foundEnd = at + length
      }
      at += length + 2
      if (at > end) return -1
    }
    return at
  }
}
