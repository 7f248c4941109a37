/** A string value as the functions of structures/bitmap.ts take it: bytes, words and a range. */

import { INTEGER_TEXT_BYTES_MAX } from '../../base/integer.js'
import { Slice } from '../../base/slice.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { metaOf } from '../../keyspace/entry.js'
import { isInteger, plainLength, valueSegment, valueStart, viewString } from '../../keyspace/types/string.js'

/** Views are reused; what one shows is the arena's, or, of an integer, the view's own digits. */
export class BitmapView {
  bytes: Uint8Array
  words: Int32Array
  start: number
  end: number
  private readonly digits: Uint8Array
  private readonly digitWords: Int32Array
  private readonly slice: Slice

  constructor() {
    const buffer = new ArrayBuffer(Math.ceil(INTEGER_TEXT_BYTES_MAX / 4) * 4)
    this.digits = new Uint8Array(buffer)
    this.digitWords = new Int32Array(buffer)
    this.slice = new Slice()
    this.bytes = this.digits
    this.words = this.digitWords
    this.start = 0
    this.end = 0
  }

  get length(): number {
    return this.end - this.start
  }

  /** @param entry  a string, or 0 for the empty one */
  show(arena: Arena, entry: Pointer): void {
    if (entry === 0 || isInteger(arena, entry)) return this.showDigits(arena, entry)
    const meta = metaOf(arena, entry)
    const segment = valueSegment(arena, entry, meta)
    this.bytes = arena.u8[segment]!
    this.words = arena.i32[segment]!
    this.start = valueStart(arena, entry, meta)
    this.end = this.start + plainLength(arena, entry, meta)
  }

  private showDigits(arena: Arena, entry: Pointer): void {
    this.bytes = this.digits
    this.words = this.digitWords
    this.start = 0
    this.end = 0
    if (entry === 0) return
    viewString(arena, entry, this.slice, this.digits)
    this.end = this.slice.end
  }
}
