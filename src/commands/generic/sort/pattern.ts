/**
 * Patterns of SORT's BY and GET: `#` is the element itself; otherwise the first `*` stands for the element in the name of a key,
 * and what follows a later `->` is the name of a field in the hash there. As in the reference, a pattern is a C string where
 * these marks are looked for: they do not count behind a NUL.
 */

import { copy } from '../../../base/bytes.js'
import type { Slice } from '../../../base/slice.js'
import type { Call } from '../../../engine/call.js'
import { Type, typeOf } from '../../../keyspace/entry.js'
import { viewString } from '../../../keyspace/types/string.js'

const STAR = 0x2a
const HASH = 0x23
const MINUS = 0x2d
const GREATER = 0x3e
const INITIAL_BYTES = 256
const KEPT_BYTES_MAX = 1 << 16
const NO_BYTES = new Uint8Array(0)

/** Where the first `*` of an argument stands; -1 when there is none. */
export function starOf(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end && bytes[i] !== 0; i++) if (bytes[i] === STAR) return i
  return -1
}

export class SortPattern {
  private bytes: Uint8Array
  private start: number
  private end: number
  private star: number
  /** Where the arrow in front of a field's name stands; `end` without one. */
  private arrow: number
  private isElement: boolean
  private key: Uint8Array
  private readonly digits: Uint8Array

  constructor() {
    this.bytes = NO_BYTES
    this.start = 0
    this.end = 0
    this.star = -1
    this.arrow = 0
    this.isElement = false
    this.key = new Uint8Array(INITIAL_BYTES)
    this.digits = new Uint8Array(32)
  }

  /** Reads a pattern, whose bytes stay the caller's. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.star = starOf(bytes, start, end)
    this.arrow = this.star < 0 ? end : arrowOf(bytes, this.star + 1, end)
    this.isElement = end > start && bytes[start] === HASH && (end === start + 1 || bytes[start + 1] === 0)
  }

  /**
   * Points `into` at what the pattern means for an element; the bytes last until the next look-up or change.
   *
   * @returns false when there is no such key or field, or one of another type
   */
  resolve(call: Call, element: Uint8Array, start: number, end: number, into: Slice): boolean {
    if (this.isElement) {
      into.set(element, start, end)
      return true
    }
    if (this.star < 0) return false
    const length = this.makeKey(element, start, end)
    const { arena, database } = call
    const entry = database.lookupRead(this.key, 0, length, call.touches)
    if (entry === 0) return false
    if (this.arrow !== this.end) return typeOf(arena, entry) === Type.hash && this.readField(call, entry, into)
    if (typeOf(arena, entry) !== Type.string) return false
    viewString(arena, entry, into, this.digits)
    return true
  }

  /** Lets a large key go. */
  close(): void {
    this.bytes = NO_BYTES
    if (this.key.length > KEPT_BYTES_MAX) this.key = new Uint8Array(INITIAL_BYTES)
  }

  private readField(call: Call, entry: number, into: Slice): boolean {
    const { view } = call.keyspace.hashes
    view.open(entry)
    if (!view.find(this.bytes, this.arrow + 2, this.end)) return false
    const { content } = view
    if (content.isInteger) content.spellInteger()
    into.set(content.bytes, content.start, content.end)
    return true
  }

  /** Puts the element in the place of the star; returns the length. */
  private makeKey(element: Uint8Array, start: number, end: number): number {
    const { arrow, bytes, star } = this
    const prefix = star - this.start
    const length = prefix + (end - start) + (arrow - star - 1)
    if (length > this.key.length) this.key = new Uint8Array(Math.max(length, this.key.length * 2))
    copy(bytes, this.start, star, this.key, 0)
    copy(element, start, end, this.key, prefix)
    copy(bytes, star + 1, arrow, this.key, prefix + (end - start))
    return length
  }
}

/** Where an arrow with a field's name behind it stands; `end` without. */
function arrowOf(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i + 1 < end && bytes[i] !== 0; i++) {
    if (bytes[i] === MINUS && bytes[i + 1] === GREATER) return i + 2 < end && bytes[i + 2] !== 0 ? i : end
  }
  return end
}
