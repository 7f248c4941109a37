/** A HyperLogLog value as the commands see it: where its bytes lie, and how a register of it is raised. */

import { copy } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { KEEP_EXPIRY } from '../../keyspace/database.js'
import { INLINE_VALUE_MAX, metaOf, Type } from '../../keyspace/entry.js'
import {
  isInteger,
  makeRaw,
  openString,
  plainLength,
  setBlock,
  setValueLength,
  valueBytes,
  valueRoom,
  valueSegment,
  valueStart,
} from '../../keyspace/types/string.js'
import type { Arena } from '../../memory/arena.js'
import { byteOffsetOf, type Pointer, segmentOf } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { mergeDense, packDense, registerAt, REGISTERS, setRegister } from '../../structures/hyperloglog-dense.js'
import {
  mergeSparse,
  NO_ROOM,
  raiseSparse,
  searchSparse,
  Sparse,
  SPARSE_GROWTH_MAX,
  SPARSE_VALUE_MAX,
  TOO_LONG,
} from '../../structures/hyperloglog-sparse.js'
import {
  DENSE_VALUE_BYTES,
  EMPTY_VALUE_BYTES,
  Form,
  formOf,
  HEADER_BYTES,
  isHyperLogLog,
  markStale,
  setForm,
  writeEmpty,
} from '../../structures/hyperloglog.js'

/** A sparse value that needs a new block gets so many bytes more than it needs, or as many again if it is smaller. */
const SPARE_BYTES_MAX = 300

/** Outcomes of raising a register. */
export const Raised = { no: 0, yes: 1, corrupt: -1, noMemory: -2 } as const
export type Raised = (typeof Raised)[keyof typeof Raised]

/** Views are reused; one shows a value until the store changes in another way than through it. */
export class Sketch {
  entry: Pointer
  /** The value lies in `bytes[start, end)`. */
  bytes: Uint8Array
  /** The same memory. */
  words: Int32Array
  start: number
  end: number
  form: Form
  private keyIndex: number
  /** The change was announced to the database. */
  private isOpen: boolean

  constructor() {
    this.entry = 0
    this.bytes = new Uint8Array(0)
    this.words = new Int32Array(0)
    this.start = 0
    this.end = 0
    this.form = Form.sparse
    this.keyIndex = 0
    this.isOpen = false
  }

  /** Shows the value of an entry. @returns false, with the error replied, when it is no HyperLogLog */
  show(call: Call, entry: Pointer): boolean {
    if (!call.hasType(entry, Type.string)) return false
    if (!isInteger(call.arena, entry)) {
      this.locate(call.arena, entry)
      if (isHyperLogLog(this.bytes, this.start, this.end)) {
        this.form = formOf(this.bytes, this.start)
        return true
      }
    }
    call.fail(ErrorReply.notHyperLogLog)
    return false
  }

  /** Shows the value of the key at an argument, to change it; it is `raw` from now on, changed or not. */
  showToChange(call: Call, keyIndex: number, entry: Pointer): boolean {
    if (!this.show(call, entry)) return false
    makeRaw(call.database, entry)
    this.keyIndex = keyIndex
    this.isOpen = false
    return true
  }

  /**
   * Adds a key without elements; `lookupWrite` must just have reported it missing.
   *
   * @returns false, with the error replied, without memory
   */
  create(call: Call, keyIndex: number): boolean {
    const { arena, bytes, database, ends, starts } = call
    const size = EMPTY_VALUE_BYTES
    const entry = openString(database, 0, bytes, starts[keyIndex]!, ends[keyIndex]!, size, 0)
    if (entry === 0) {
      call.fail(ErrorReply.outOfMemory)
      return false
    }
    const meta = metaOf(arena, entry)
    writeEmpty(valueBytes(arena, entry, meta), valueStart(arena, entry, meta))
    return this.showToChange(call, keyIndex, entry)
  }

  /** Raises a register to a rank that is higher. Without memory nothing changes. */
  raise(call: Call, index: number, rank: number): Raised {
    if (this.form === Form.dense) {
      const at = this.start + HEADER_BYTES
      if (rank <= registerAt(this.bytes, at, index)) return Raised.no
      this.open(call)
      setRegister(this.bytes, at, index, rank)
      return Raised.yes
    }
    return this.raiseSparse(call, index, rank)
  }

  /** Says that the cached estimate no longer holds. */
  markStale(call: Call): void {
    this.open(call)
    markStale(this.bytes, this.start)
  }

  /** Changes the form to dense; the elements are the same. */
  makeDense(call: Call): Raised {
    if (this.form === Form.dense) return Raised.no
    const { arena } = call
    registers.fill(0)
    if (!mergeSparse(this.bytes, this.start + HEADER_BYTES, this.end, registers)) return Raised.corrupt
    const block = arena.allocate(DENSE_VALUE_BYTES)
    if (block === 0) return Raised.noMemory
    const target = arena.u8[segmentOf(block)]!
    const at = byteOffsetOf(block)
    copy(this.bytes, this.start, this.start + HEADER_BYTES, target, at)
    setForm(target, at, Form.dense)
    packDense(registers, target, at + HEADER_BYTES)
    return this.replaceWith(call, block, DENSE_VALUE_BYTES) ? Raised.yes : Raised.noMemory
  }

  /** Raises each of the registers, one a byte, to what it is here. @returns false when the runs of a sparse value do not add up */
  mergeInto(into: Uint8Array): boolean {
    if (this.form === Form.sparse) return mergeSparse(this.bytes, this.start + HEADER_BYTES, this.end, into)
    mergeDense(this.bytes, this.start + HEADER_BYTES, into)
    return true
  }

  private raiseSparse(call: Call, index: number, rank: number): Raised {
    if (rank > SPARSE_VALUE_MAX) return this.raiseDense(call, index, rank)
    const first = this.start + HEADER_BYTES
    const seen = searchSparse(this.bytes, this.words, first, this.end, index, rank)
    if (seen !== Sparse.lower) return seen === Sparse.unchanged ? Raised.no : Raised.corrupt
    this.open(call)
    const { arena } = call
    const meta = metaOf(arena, this.entry)
    const roomEnd = this.start + valueRoom(arena, this.entry, meta)
    const lengthMax = call.store.config.values['hll-sparse-max-bytes'] - HEADER_BYTES
    const end = raiseSparse(this.bytes, first, this.end, roomEnd, lengthMax, index, rank)
    if (end === NO_ROOM) return this.grow(call) ? this.raiseSparse(call, index, rank) : Raised.noMemory
    if (end === TOO_LONG) return this.raiseDense(call, index, rank)
    setValueLength(arena, this.entry, meta, end - this.start)
    this.end = end
    // At once, for a later element may find the runs corrupt, and then this one stays.
    markStale(this.bytes, this.start)
    return Raised.yes
  }

  private raiseDense(call: Call, index: number, rank: number): Raised {
    const outcome = this.makeDense(call)
    return outcome === Raised.yes ? this.raise(call, index, rank) : outcome
  }

  /** Announces the change that is to come; once a command. */
  open(call: Call): void {
    if (this.isOpen) return
    this.isOpen = true
    call.database.beforeWrite(call.bytes, call.starts[this.keyIndex]!, call.ends[this.keyIndex]!)
  }

  /** Makes room for a few bytes more, without changing the value. */
  private grow(call: Call): boolean {
    const length = this.end - this.start
    const needed = length + SPARSE_GROWTH_MAX
    const wanted = needed + Math.min(needed, SPARE_BYTES_MAX)
    const isMoved = wanted <= INLINE_VALUE_MAX ? this.growInEntry(call, wanted) : this.growToBlock(call, wanted)
    if (!isMoved) return false
    setValueLength(call.arena, this.entry, metaOf(call.arena, this.entry), length)
    this.end = this.start + length
    return true
  }

  private growInEntry(call: Call, wanted: number): boolean {
    const { bytes, database, ends, starts } = call
    return this.moveTo(
      call,
      openString(database, this.entry, bytes, starts[this.keyIndex]!, ends[this.keyIndex]!, wanted, 0),
    )
  }

  private growToBlock(call: Call, wanted: number): boolean {
    const block = call.arena.allocate(wanted)
    if (block === 0) return false
    copy(this.bytes, this.start, this.end, call.arena.u8[segmentOf(block)]!, byteOffsetOf(block))
    return this.replaceWith(call, block, wanted)
  }

  /** Gives the key a block with the value as it shall be. */
  private replaceWith(call: Call, block: Pointer, length: number): boolean {
    const { bytes, database, ends, starts } = call
    const from = starts[this.keyIndex]!
    const to = ends[this.keyIndex]!
    if (this.moveTo(call, setBlock(database, this.entry, bytes, from, to, block, length, KEEP_EXPIRY))) return true
    call.arena.free(block)
    return false
  }

  /** Shows the value where it is now; false when it is where it was, for lack of memory. */
  private moveTo(call: Call, entry: Pointer): boolean {
    if (entry === 0) return false
    this.locate(call.arena, entry)
    this.form = formOf(this.bytes, this.start)
    return true
  }

  private locate(arena: Arena, entry: Pointer): void {
    const meta = metaOf(arena, entry)
    const segment = valueSegment(arena, entry, meta)
    this.entry = entry
    this.bytes = arena.u8[segment]!
    this.words = arena.i32[segment]!
    this.start = valueStart(arena, entry, meta)
    this.end = this.start + plainLength(arena, entry, meta)
  }
}

/** Registers one a byte, on the way from one form to the other. */
const registers = new Uint8Array(REGISTERS)
