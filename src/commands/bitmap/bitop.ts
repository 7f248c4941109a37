/** BITOP. */

import { copy, latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { INLINE_VALUE_MAX, Type } from '../../keyspace/entry.js'
import { makeRaw, setBlock, setBytes, stringLength } from '../../keyspace/types/string.js'
import type { Arena } from '../../memory/arena.js'
import { byteOffsetOf, type Pointer, segmentOf } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { BitOperation, combineBits, invertBits } from '../../structures/bitmap.js'
import { BitmapView } from './bitmap-view.js'

const NOT = 3
const OPERATIONS: readonly (readonly [Uint8Array, Operation])[] = [
  [latin1Bytes('and'), BitOperation.and],
  [latin1Bytes('or'), BitOperation.or],
  [latin1Bytes('xor'), BitOperation.xor],
  [latin1Bytes('not'), NOT],
]
type Operation = BitOperation | typeof NOT

const FIRST_SOURCE = 3
/** The result is computed piece by piece, so that a piece stays in the processor's cache while all sources pass over it. */
const PIECE_BYTES = 16384

/**
 * BITOP <AND | OR | XOR | NOT> destkey key [key …]
 *
 * Errors:  syntax (operation); NOT with several sources; WRONGTYPE (a source holds another type).
 * Effects: replaces a destination of any type, or deletes it if the result is empty: `set` or `del`; replicated as sent.
 *          Shorter sources count as filled up with zeros, missing ones as empty.
 */
export const bitop = defineCommand({
  name: 'BITOP',
  summary: 'Combines strings bit by bit and stores the result.',
  since: '2.6.0',
  group: 'bitmap',
  complexity: 'O(N*M), N = sources, M = bytes of the longest',
  arity: -4,
  flags: Flag.write | Flag.denyOom,
  acl: ['bitmap'],
  keys: [
    { at: 2, last: 0, step: 1, access: Access.overwrite | Access.update },
    { at: 3, last: -1, step: 1, access: Access.readOnly | Access.returnsData },
  ],
  args: [
    {
      name: 'operation',
      type: 'oneof',
      args: [
        'and:pure-token token=AND',
        'or:pure-token token=OR',
        'xor:pure-token token=XOR',
        'not:pure-token token=NOT',
      ],
    },
    'destkey:key',
    'key:key multiple',
  ],
  reply: 'integer',

  run(call) {
    const operation = operationOf(call)
    if (operation === -1) return call.fail(ErrorReply.syntax)
    if (operation === NOT && call.argc !== FIRST_SOURCE + 1) return call.fail(ErrorReply.bitopNotOneSource)
    const length = findSources(call)
    if (length < 0) return
    if (length === 0) deleteTarget(call)
    else if (!storeResult(call, operation, length)) return
    call.reply.integer(length)
  },
})

/** Entries of the sources, 0 for missing ones. */
const sources = { entries: new Int32Array(16), count: 0 }
const view = new BitmapView()
const short = new Uint8Array(INLINE_VALUE_MAX + 1)
const shortWords = new Int32Array(short.buffer)

function operationOf(call: Call): Operation | -1 {
  for (let i = 0; i < OPERATIONS.length; i++) if (call.is(1, OPERATIONS[i]![0])) return OPERATIONS[i]![1]
  return -1
}

/** Looks the sources up; returns the length of the longest, or -1 with the error replied. */
function findSources(call: Call): number {
  const count = call.argc - FIRST_SOURCE
  if (count > sources.entries.length) sources.entries = new Int32Array(count * 2)
  sources.count = count
  let length = 0
  for (let i = 0; i < count; i++) {
    const entry = call.findRead(FIRST_SOURCE + i)
    if (entry !== 0 && !call.hasType(entry, Type.string)) return -1
    sources.entries[i] = entry
    if (entry !== 0) length = Math.max(length, stringLength(call.arena, entry))
  }
  return length
}

/** Deletes the destination, even one that had expired and is still there. */
function deleteTarget(call: Call): void {
  const { database } = call
  const entry = database.find(call.bytes, call.starts[2]!, call.ends[2]!)
  if (entry === 0) return
  database.remove(entry, call.keyspace.lazyFreesOverwritten)
  call.changed(1)
  call.notify(EventClass.generic, 'del', 2)
}

function storeResult(call: Call, operation: Operation, length: number): boolean {
  const stored = length <= INLINE_VALUE_MAX ? storeShort(call, operation, length) : storeLong(call, operation, length)
  if (stored === 0) {
    call.fail(ErrorReply.outOfMemory)
    return false
  }
  call.changed(1, 'set', 2)
  return true
}

function storeShort(call: Call, operation: Operation, length: number): Pointer {
  const { bytes, database, ends, starts } = call
  compute(call.arena, operation, short, shortWords, 0, length)
  const entry = call.findWrite(2)
  const stored = setBytes(database, entry, bytes, starts[2]!, ends[2]!, short, 0, length, NO_EXPIRY)
  return stored === 0 ? 0 : makeRaw(database, stored)
}

/** The result is computed where it will stay. */
function storeLong(call: Call, operation: Operation, length: number): Pointer {
  const { arena, bytes, ends, starts } = call
  const block = arena.allocate(length)
  if (block === 0) return 0
  const segment = segmentOf(block)
  compute(arena, operation, arena.u8[segment]!, arena.i32[segment]!, byteOffsetOf(block), length)
  const stored = setBlock(call.database, call.findWrite(2), bytes, starts[2]!, ends[2]!, block, length)
  if (stored === 0) arena.free(block)
  return stored
}

/** @param at  aligned to a word */
function compute(
  arena: Arena, operation: Operation, target: Uint8Array, words: Int32Array, at: number, length: number,
): void {
  for (let done = 0; done < length; done += PIECE_BYTES) {
    const count = Math.min(PIECE_BYTES, length - done)
    const start = at + done
    const end = start + count
    for (let i = 0; i < sources.count; i++) {
      view.show(arena, sources.entries[i]!)
      const from = view.start + done
      const present = Math.max(0, Math.min(count, view.length - done))
      if (i === 0) copy(view.bytes, from, from + present, target, start)
      else if (operation !== NOT) combineBits(operation, target, words, start, view.bytes, view.words, from, present)
      if (i === 0 || operation === BitOperation.and) target.fill(0, start + present, end)
    }
    if (operation === NOT) invertBits(target, words, start, end)
  }
} // prettier-ignore
