/** LPOS. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ListCursor, listLength } from '../../keyspace/types/list.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

const RANK = latin1Bytes('rank')
const COUNT = latin1Bytes('count')
const MAXLEN = latin1Bytes('maxlen')

const RANK_LEAST = '-9223372036854775807'
const RANK_MOST = '9223372036854775807'

const cursor = new ListCursor()

interface Options {
  rank: number
  /** -1: not given, one place is wanted. */
  count: number
  /** Infinity: all elements are compared. */
  compared: number
}

const options: Options = { rank: 1, count: -1, compared: Infinity }

/**
 * LPOS key element [RANK rank] [COUNT matches] [MAXLEN elements]
 *
 * Errors: syntax error; not an integer, zero or out of range (RANK); negative or not an integer (COUNT, MAXLEN);
 *         WRONGTYPE (key holds another type).
 */
export const lpos = defineCommand({
  name: 'LPOS',
  summary: 'Finds the places of an element in a list.',
  since: '6.0.6',
  group: 'list',
  complexity: 'O(N), N = elements compared',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'element:string',
    'rank:integer token=RANK optional',
    'num-matches:integer token=COUNT optional',
    'len:integer token=MAXLEN optional',
  ],
  reply: 'integer|nil|array',

  run(call) {
    if (!parseOptions(call)) return
    const entry = call.findRead(1)
    if (entry === 0) return options.count < 0 ? call.reply.nil() : call.reply.emptyArray()
    if (!call.hasType(entry, Type.list)) return
    if (options.count < 0) return replyFirst(call, entry)
    const mark = call.reply.deferArray()
    call.reply.setArray(mark, replyMatches(call, entry, options.count === 0 ? Infinity : options.count))
  },
})

function replyFirst(call: Call, entry: Pointer): void {
  if (replyMatches(call, entry, 1) === 0) call.reply.nil()
}

/** Replies with up to `most` places, and returns how many. */
function replyMatches(call: Call, entry: Pointer, most: number): number {
  const { arena, bytes, ends, starts } = call
  const { compared, rank } = options
  const backward = rank < 0
  const length = listLength(arena, entry)
  let toSkip = Math.abs(rank) - 1
  let found = 0
  let isThere = cursor.toIndex(arena, entry, backward ? -1 : 0)
  for (let index = 0; isThere && index < compared; index++) {
    if (cursor.equals(bytes, starts[2]!, ends[2]!) && --toSkip < 0) {
      call.reply.integer(backward ? length - 1 - index : index)
      if (++found === most) break
    }
    isThere = backward ? cursor.previous() : cursor.next()
  }
  return found
}

function parseOptions(call: Call): boolean {
  options.rank = 1
  options.count = -1
  options.compared = Infinity
  for (let i = 3; i < call.argc; i += 2) {
    const hasValue = i + 1 < call.argc
    if (hasValue && call.is(i, RANK)) {
      if (!parseRank(call, i + 1)) return false
    } else if (hasValue && call.is(i, COUNT)) {
      options.count = call.parseInteger(i + 1)
      if (!(options.count >= 0)) return refuse(call, ErrorReply.countNegative)
    } else if (hasValue && call.is(i, MAXLEN)) {
      const elements = call.parseInteger(i + 1)
      if (!(elements >= 0)) return refuse(call, ErrorReply.maxlenNegative)
      options.compared = elements === 0 ? Infinity : elements
    } else return refuse(call, ErrorReply.syntax)
  }
  return true
}

function parseRank(call: Call, index: number): boolean {
  const rank = call.integer(index)
  if (Number.isNaN(rank)) return false
  if (rank === 0) return refuse(call, ErrorReply.rankZero)
  // The least 64-bit integer has no positive counterpart.
  if (rank === -Infinity && call.text(index) === '-9223372036854775808') {
    return refuse(call, ErrorReply.outOfRangeBetween(RANK_LEAST, RANK_MOST))
  }
  options.rank = rank
  return true
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
