/** LCS. */

import { latin1Bytes } from '../../base/bytes.js'
import { INTEGER_TEXT_BYTES_MAX } from '../../base/integer.js'
import { Slice } from '../../base/slice.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type, typeOf } from '../../keyspace/entry.js'
import { viewString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { commonLength, CommonSubsequence } from './common-subsequence.js'

/** Bytes of one cell of the table that the reference makes, which is what its limits are about. */
const CELL_BYTES = 4
const LENGTH_MAX = 0xffffffff - 2

const LEN = latin1Bytes('len')
const IDX = latin1Bytes('idx')
const MINMATCHLEN = latin1Bytes('minmatchlen')
const WITHMATCHLEN = latin1Bytes('withmatchlen')

/**
 * LCS key1 key2 [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN]
 *
 * Errors: keys must contain string values; not an integer (length); syntax; LEN together with IDX; too long, insufficient
 *         memory (product of the lengths). Missing keys are empty strings.
 */
export const lcs = defineCommand({
  name: 'LCS',
  summary: 'Returns the longest sequence of bytes that two strings have in common, or where it lies in them.',
  since: '7.0.0',
  group: 'string',
  complexity: 'O(N*M), N and M = bytes of the two strings',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['string'],
  keys: [{ at: 1, last: 1, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key1:key key=0',
    'key2:key key=0',
    'len:pure-token token=LEN optional',
    'idx:pure-token token=IDX optional',
    'min-match-len:integer token=MINMATCHLEN optional',
    'withmatchlen:pure-token token=WITHMATCHLEN optional',
  ],
  reply: 'bulk|integer|map',

  run(call) {
    const first = call.findRead(1)
    const second = call.findRead(2)
    if (!isString(call, first) || !isString(call, second)) return call.fail(ErrorReply.lcsNotStrings)
    if (!parseOptions(call)) return
    view(call, first, a, digitsOfA)
    view(call, second, b, digitsOfB)
    if (!fitsLimits(call, a.length, b.length)) return

    if (options.length) return replyLength(call)
    const common = CommonSubsequence.find(a, b)
    if (common === undefined) return call.fail(ErrorReply.lcsMemory)
    if (options.indexes) return replyRanges(call, common)
    const bytes = common.bytes()
    call.reply.bulk(bytes, 0, bytes.length)
  },
})

const a = new Slice()
const b = new Slice()
const digitsOfA = new Uint8Array(INTEGER_TEXT_BYTES_MAX)
const digitsOfB = new Uint8Array(INTEGER_TEXT_BYTES_MAX)
const options = { length: false, indexes: false, withLengths: false, lengthMin: 0 }

function isString(call: Call, entry: Pointer): boolean {
  return entry === 0 || typeOf(call.arena, entry) === Type.string
}

function view(call: Call, entry: Pointer, into: Slice, digits: Uint8Array): void {
  if (entry === 0) into.set(digits, 0, 0)
  else viewString(call.arena, entry, into, digits)
}

function parseOptions(call: Call): boolean {
  options.length = false
  options.indexes = false
  options.withLengths = false
  options.lengthMin = 0
  for (let i = 3; i < call.argc; i++) {
    if (call.is(i, IDX)) options.indexes = true
    else if (call.is(i, LEN)) options.length = true
    else if (call.is(i, WITHMATCHLEN)) options.withLengths = true
    else if (call.is(i, MINMATCHLEN) && i + 1 < call.argc) {
      options.lengthMin = call.integer(++i)
      if (Number.isNaN(options.lengthMin)) return false
    } else return refuse(call, ErrorReply.syntax)
  }
  return options.length && options.indexes ? refuse(call, ErrorReply.lcsLengthAndIndexes) : true
}

function fitsLimits(call: Call, aLength: number, bLength: number): boolean {
  if (aLength > LENGTH_MAX || bLength > LENGTH_MAX) return refuse(call, ErrorReply.lcsTooLong)
  const bytes = (aLength + 1) * (bLength + 1) * CELL_BYTES
  if (bytes > call.store.config.values['proto-max-bulk-len']) return refuse(call, ErrorReply.lcsMemoryLimit)
  return true
}

function refuse(call: Call, error: ErrorReply): false {
  call.fail(error)
  return false
}

function replyLength(call: Call): void {
  const length = commonLength(a, b)
  if (Number.isNaN(length)) call.fail(ErrorReply.lcsMemory)
  else call.reply.integer(length)
}

/** The stretches in common, last first, as the walk back through the table meets them. */
function replyRanges(call: Call, common: CommonSubsequence): void {
  const { reply } = call
  reply.map(2)
  reply.bulkText('matches')
  const mark = reply.deferArray()
  let count = 0
  while (common.nextRange()) {
    if (common.rangeLength < options.lengthMin) continue
    reply.array(options.withLengths ? 3 : 2)
    replyRange(call, common.aStart, common.rangeLength)
    replyRange(call, common.bStart, common.rangeLength)
    if (options.withLengths) reply.integer(common.rangeLength)
    count++
  }
  reply.bulkText('len')
  reply.integer(common.length)
  reply.setArray(mark, count)
}

function replyRange(call: Call, start: number, length: number): void {
  call.reply.array(2)
  call.reply.integer(start)
  call.reply.integer(start + length - 1)
}
