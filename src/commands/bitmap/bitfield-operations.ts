/**
 * What BITFIELD and BITFIELD_RO share. The arguments are read twice, first to check them all and to see how far writing
 * reaches, then to run; one operation at a time stands in `operation`.
 */

import { latin1Bytes } from '../../base/bytes.js'
import { equals, Int64, isSafe, toNumber } from '../../base/int64.js'
import { parseInteger } from '../../base/integer.js'
import { type Call, Propagation } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { makeRaw, openString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { addToField, Overflow, readField, writeField } from '../../structures/bit-field.js'
import { bitPosition } from './bit-arguments.js'
import { BitmapView } from './bitmap-view.js'

const FIRST_OPERATION = 2
const UNSIGNED = 0x75 // u
const SIGNED = 0x69 // i
const SIGNED_BITS_MAX = 64
const UNSIGNED_BITS_MAX = 63

const GET = latin1Bytes('get')
const SET = latin1Bytes('set')
const INCRBY = latin1Bytes('incrby')
const OVERFLOW = latin1Bytes('overflow')
const WRAP = latin1Bytes('wrap')
const SAT = latin1Bytes('sat')
const FAIL = latin1Bytes('fail')

const Action = { get: 0, set: 1, incrby: 2, overflow: 3 } as const
type Action = (typeof Action)[keyof typeof Action]

/** The operation that was read last; `overflow` stays until the next OVERFLOW. */
const operation: { action: Action; isSigned: boolean; bits: number; position: number; overflow: Overflow } = {
  action: Action.get,
  isSigned: false,
  bits: 1,
  position: 0,
  overflow: Overflow.wrap,
}
const argument = new Int64()

/** What the first reading finds: how many operations there are, and the last bit to be written, or -1. */
const plan = { count: 0, lastWritten: -1 }

/** What has become of the key so far. */
const progress: { entry: Pointer; isOpen: boolean; changes: number } = { entry: 0, isOpen: false, changes: 0 }

const view = new BitmapView()
const before = new Int64()
const after = new Int64()
const ZERO = new Int64()

export function runBitfield(call: Call, mayWrite: boolean): void {
  if (!makePlan(call)) return
  const writes = plan.lastWritten >= 0
  if (writes && !mayWrite) return call.fail(ErrorReply.bitfieldReadOnly)
  const entry = writes ? call.findWrite(1) : call.findRead(1)
  if (entry !== 0 && !call.hasType(entry, Type.string)) return
  view.show(call.arena, entry)
  progress.isOpen = false
  progress.changes = 0
  if (writes && !prepare(call, entry)) return

  call.reply.array(plan.count)
  const hasGrown = progress.isOpen
  operation.overflow = Overflow.wrap
  for (let i = FIRST_OPERATION; i < call.argc;) {
    i = readOperation(call, i)
    if (operation.action === Action.get) replyField(call)
    else if (operation.action !== Action.overflow) changeField(call, hasGrown)
  }
  if (progress.changes > 0) call.changed(progress.changes, 'setbit')
  // With OVERFLOW FAIL the key may have been made, or made longer, and nothing written; the others shall have it, too.
  else if (hasGrown) call.propagation = Propagation.forced
}

function makePlan(call: Call): boolean {
  plan.count = 0
  plan.lastWritten = -1
  for (let i = FIRST_OPERATION; i < call.argc;) {
    i = readOperation(call, i)
    if (i < 0) return false
    if (operation.action === Action.overflow) continue
    plan.count++
    if (operation.action !== Action.get) {
      plan.lastWritten = Math.max(plan.lastWritten, operation.position + operation.bits - 1)
    }
  }
  return true
}

/** Reads the operation at an argument. Returns the index behind it, or -1 with the error replied. */
function readOperation(call: Call, index: number): number {
  const left = call.argc - index - 1
  if (call.is(index, GET) && left >= 2) operation.action = Action.get
  else if (call.is(index, SET) && left >= 3) operation.action = Action.set
  else if (call.is(index, INCRBY) && left >= 3) operation.action = Action.incrby
  else if (call.is(index, OVERFLOW) && left >= 1) return readOverflow(call, index + 1)
  else return refuse(call, ErrorReply.syntax)

  if (!readType(call, index + 1)) return refuse(call, ErrorReply.bitfieldType)
  operation.position = bitPosition(call, index + 2, operation.bits)
  if (operation.position < 0) return -1
  if (operation.action === Action.get) return index + 3
  return call.int64(index + 3, argument) ? index + 4 : -1
}

function readOverflow(call: Call, index: number): number {
  operation.action = Action.overflow
  if (call.is(index, WRAP)) operation.overflow = Overflow.wrap
  else if (call.is(index, SAT)) operation.overflow = Overflow.saturate
  else if (call.is(index, FAIL)) operation.overflow = Overflow.fail
  else return refuse(call, ErrorReply.bitfieldOverflow)
  return index + 1
}

/** `i1` to `i64`, `u1` to `u63`. */
function readType(call: Call, index: number): boolean {
  const start = call.starts[index]!
  const end = call.ends[index]!
  if (start === end || (call.bytes[start] !== SIGNED && call.bytes[start] !== UNSIGNED)) return false
  operation.isSigned = call.bytes[start] === SIGNED
  operation.bits = parseInteger(call.bytes, start + 1, end)
  return operation.bits >= 1 && operation.bits <= (operation.isSigned ? SIGNED_BITS_MAX : UNSIGNED_BITS_MAX)
}

function refuse(call: Call, error: ErrorReply): -1 {
  call.fail(error)
  return -1
}

/** Makes the string raw, and long enough for all that will be written. */
function prepare(call: Call, entry: Pointer): boolean {
  const length = Math.floor(plan.lastWritten / 8) + 1
  const target = entry === 0 || length > view.length ? open(call, entry, length) : makeRaw(call.database, entry)
  if (target === 0) {
    call.fail(ErrorReply.outOfMemory)
    return false
  }
  progress.entry = target
  view.show(call.arena, target)
  return true
}

/** Opens the string for writing, which announces a change: not before there is one. */
function open(call: Call, entry: Pointer, length: number): Pointer {
  progress.isOpen = true
  return openString(call.database, entry, call.bytes, call.starts[1]!, call.ends[1]!, length, length)
}

function replyField(call: Call): void {
  const { bits, isSigned, position } = operation
  readField(view.bytes, view.start, view.end, position, bits, isSigned, before)
  replyInt64(call, before)
}

function changeField(call: Call, hasGrown: boolean): void {
  const { bits, isSigned, overflow, position } = operation
  readField(view.bytes, view.start, view.end, position, bits, isSigned, before)
  const isSet = operation.action === Action.set
  const fits = addToField(isSet ? argument : before, isSet ? ZERO : argument, bits, isSigned, overflow, after)
  if (!fits && overflow === Overflow.fail) return call.reply.nil()
  replyInt64(call, isSet ? before : after)
  const differs = !equals(before, after)
  if (differs || hasGrown) progress.changes++
  if (!differs) return
  if (!progress.isOpen) open(call, progress.entry, view.length)
  writeField(view.bytes, view.start, position, bits, after)
}

function replyInt64(call: Call, value: Int64): void {
  if (isSafe(value)) call.reply.integer(toNumber(value))
  else call.reply.int64(value.high, value.low)
}
