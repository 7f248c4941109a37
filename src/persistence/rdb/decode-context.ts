/** What the decoders of all types share, and the contract they keep. */

import { latin1 } from '../../base/bytes.js'
import { Int64, writeInt64 } from '../../base/int64.js'
import type { Encoding } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { freeElement, newElement } from '../../structures/dict-element.js'
import type { Dict } from '../../structures/dict.js'
import * as edit from '../../structures/listpack-edit.js'
import * as listpack from '../../structures/listpack.js'
import type { ByteSource } from '../byte-source.js'
import type { ZiplistWalk } from './ziplist.js'

export const Status = {
  /** The value, or the file, is complete. */
  done: 0,
  /** There is more to do; call again. */
  more: 1,
  /** There is more to do once more input has come. */
  starved: 2,
  /** The input is broken or ends too early; the source says why. */
  failed: 3,
  /** The value is complete and has no elements, which no key may have. */
  empty: 4,
  noMemory: 5,
} as const
export type Status = (typeof Status)[keyof typeof Status]

/**
 * Decodes values of one type. After `begin`, `step` reads one unit at a time; when the source has a fault after it has read, it
 * returns before anything is changed, so that the same unit can be read again.
 */
export interface ValueReader {
  /** What was built, once `step` has returned `done`; the caller's then. */
  readonly encoding: Encoding
  readonly value: Pointer
  /** @param typeByte  one of the format's value types */
  begin(typeByte: number): void
  step(): Status
  /** Frees what was built. */
  abandon(): void
}

export class DecodeContext {
  readonly keyspace: Keyspace
  readonly arena: Arena
  readonly source: ByteSource
  /** Duplicates are looked for in what is kept as it comes. */
  sanitizes: boolean
  /** Values that were looked through in this way. */
  sanitized: number
  /** The string being copied, and a field being moved. */
  private readonly element: listpack.ListpackElement
  private readonly content: listpack.ListpackElement
  private readonly digits: Uint8Array
  private readonly wide: Int64

  constructor(keyspace: Keyspace, source: ByteSource) {
    this.keyspace = keyspace
    this.arena = keyspace.arena
    this.source = source
    this.sanitizes = false
    this.sanitized = 0
    this.element = new listpack.ListpackElement()
    this.content = new listpack.ListpackElement()
    this.digits = new Uint8Array(24)
    this.wide = new Int64()
  }

  /** Ends a step with a reason. */
  corrupt(problem: string): Status {
    this.source.corrupt(problem)
    return Status.failed
  }

  /** Whether a count is no more than what is left of the input could hold. */
  believes(count: number, bytesEach: number): boolean {
    if (count * bytesEach <= this.source.left) return true
    this.source.corrupt(`there cannot be ${count} elements in what is left`)
    return false
  }

  noteSanitized(): void {
    if (this.sanitizes) this.sanitized++
  }

  /** Whether bytes are a listpack through and through, and of whole groups of so many elements. */
  isListpack(bytes: Uint8Array, start: number, end: number, group: number): boolean {
    if (!listpack.isValid(bytes, start, end - start, true)) return false
    return group === 1 || listpack.count(bytes, start) % group === 0
  }

  /** Whether the first elements of two groups of a listpack are alike. */
  hasDuplicates(bytes: Uint8Array, start: number, group: number): boolean {
    const { element } = this
    const seen = listpack.count(bytes, start) > SMALL_COUNT * group ? new Set<string>() : undefined
    for (let at = listpack.first(start); bytes[at] !== listpack.END;) {
      listpack.readText(bytes, at, element)
      let following = at
      for (let i = 0; i < group; i++) following = listpack.next(bytes, following)
      if (seen !== undefined) {
        const text = latin1(element.bytes, element.start, element.end)
        if (seen.has(text)) return true
        seen.add(text)
      } else if (listpack.find(bytes, following, element.bytes, element.start, element.end, group - 1) >= 0) return true
      at = following
    }
    return false
  }

  /** A listpack of the arena made of what is left of a ziplist; 0 without memory, and undefined when it is broken. */
  importZiplist(walk: ZiplistWalk, capacity: number): Pointer | undefined {
    let target = edit.create(this.arena, capacity)
    for (;;) {
      if (target === 0) return 0
      const step = walk.next()
      if (step === 0) return edit.shrinkToFit(this.arena, target)
      const extended = step < 0 ? undefined : this.appendEntry(target, walk)
      if (extended === undefined || extended === 0) {
        this.arena.free(target)
        return extended
      }
      target = extended
    }
  }

  /** Appends the entry that a walk shows. */
  private appendEntry(target: Pointer, walk: ZiplistWalk): Pointer {
    const { arena, digits } = this
    if (!walk.isInteger) return edit.append(arena, target, walk.bytes, walk.start, walk.end)
    if (walk.value - walk.value === 0) return edit.appendInteger(arena, target, walk.value)
    return edit.append(arena, target, digits, 0, writeInt64(walk.int64, digits, 0))
  }

  /** The text of the entry that a walk shows, in `into`. */
  entryText(walk: ZiplistWalk, into: listpack.ListpackElement): void {
    if (!walk.isInteger) {
      into.bytes = walk.bytes
      into.start = walk.start
      into.end = walk.end
      return
    }
    into.bytes = this.digits
    into.start = 0
    const { wide } = this
    if (walk.value - walk.value === 0) {
      wide.high = Math.floor(walk.value / TWO_32)
      wide.low = walk.value >>> 0
    } else {
      wide.high = walk.int64.high
      wide.low = walk.int64.low
    }
    into.end = writeInt64(wide, this.digits, 0)
  }

  /**
   * Fills a new dict with the elements of a listpack of the arena or of the window.
   *
   * @param hasValues  fields and values in turn, rather than members
   * @returns done; failed for duplicates; or noMemory. The dict is freed unless it is done.
   */
  fillDict(dict: Dict, bytes: Uint8Array, start: number, hasValues: boolean): Status {
    const { content, element } = this
    if (!dict.create()) return Status.noMemory
    for (let at = listpack.first(start); bytes[at] !== listpack.END; at = listpack.next(bytes, at)) {
      listpack.readText(bytes, at, element)
      if (hasValues) {
        at = listpack.next(bytes, at)
        listpack.readText(bytes, at, content)
      } else content.end = content.start
      const status = this.addToDict(
        dict, element.bytes, element.start, element.end, content.bytes, content.start, content.end,
      ) // prettier-ignore
      if (status === Status.done) continue
      dict.free(true)
      return status
    }
    return Status.done
  }

  /** Adds an element that must be missing yet: done, failed for a duplicate, or noMemory. */
  addToDict(
    dict: Dict,
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): Status {
    if (dict.find(field, fieldStart, fieldEnd) !== 0) return Status.failed
    const element = newElement(this.arena, field, fieldStart, fieldEnd, value, valueStart, valueEnd, 0)
    if (element === 0) return Status.noMemory
    if (dict.insert(dict.hash, element)) return Status.done
    freeElement(this.arena, element)
    return Status.noMemory
  } // prettier-ignore

  /** A copy of a listpack or intset; 0 without memory. */
  keep(bytes: Uint8Array, start: number, end: number): Pointer {
    return edit.fromBytes(this.arena, bytes, start, end)
  }

  bytesOf(pointer: Pointer): Uint8Array {
    return this.arena.u8[pointer >>> SEGMENT_SHIFT]!
  }

  startOf(pointer: Pointer): number {
    return (pointer & OFFSET_MASK) << 3
  }
}

/** Up to so many elements each is compared with those behind it; more go through a set. */
const SMALL_COUNT = 32
const TWO_32 = 0x100000000
