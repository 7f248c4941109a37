/** SCAN. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { keyBytes, keyLength, keyStart, typeNames, typeOf } from '../../keyspace/entry.js'
import { KeyspaceStat } from '../../keyspace/statistics.js'
import type { Pointer } from '../../memory/pointer.js'
import { matchesPattern, parseScanArguments, type ScanArguments, scanCursor } from '../scan-arguments.js'

/** Buckets looked at in a call, at most, for each element wanted: a table may be nearly empty. */
const BUCKETS_PER_ELEMENT = 10
/** A type that no value has, for names that are none. */
const NO_TYPE = -1

const typeWords = typeNames.map((name) => (name === 'module' ? undefined : latin1Bytes(name)))
const found: Pointer[] = []

/**
 * SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
 *
 * A key that is there from the first call to the last is returned at least once, however the table grows or shrinks. With an
 * unknown type nothing is returned.
 *
 * Errors: invalid cursor; syntax (also for a count below 1); not an integer (count). Keys past their time are deleted.
 */
export const scan = defineCommand({
  name: 'SCAN',
  summary: 'Walks through the keys of the database, some at a time.',
  since: '2.8.0',
  group: 'generic',
  complexity: 'O(1) a call; O(N) for the whole walk, N = keys',
  arity: -2,
  flags: Flag.readOnly | Flag.touchesArbitraryKeys,
  acl: ['keyspace'],
  args: [
    'cursor:integer',
    'pattern:pattern token=MATCH optional',
    'count:integer token=COUNT optional',
    'type:string token=TYPE since=6.0.0 optional',
  ],
  history: [['6.0.0', 'Gained the option `TYPE`.']],
  tips: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
  reply: 'array',

  run(call) {
    const cursor = scanCursor(call, 1)
    if (cursor < 0) return
    const options = parseScanArguments(call, 2, true)
    if (options === undefined) return
    const next = collect(call, cursor, options.count)
    const count = filter(call, options)
    reply(call, next, count)
    found.length = 0
  },
})

/** Puts about `wanted` entries into `found`; returns the next cursor. */
function collect(call: Call, cursor: number, wanted: number): number {
  const table = call.database.keys
  let next = cursor
  let buckets = wanted * BUCKETS_PER_ELEMENT
  do next = table.scan(next, found)
  while (next !== 0 && buckets-- > 0 && found.length < wanted)
  return next
}

/** Moves the entries to be returned to the front of `found`; returns how many. */
function filter(call: Call, options: ScanArguments): number {
  const { arena, database, keyspace } = call
  const type = options.typeIndex === 0 ? undefined : typeArgument(call, options.typeIndex)
  let count = 0
  for (let i = 0; i < found.length; i++) {
    const entry = found[i]!
    const start = keyStart(arena, entry)
    const end = start + keyLength(arena, entry)
    if (!matchesPattern(call, options, keyBytes(arena, entry), start, end)) continue
    const isGone = database.dropIfExpired(entry)
    // Asking for the type counts as a look-up.
    if (type !== undefined) keyspace.statistics[isGone ? KeyspaceStat.misses : KeyspaceStat.hits]!++
    if (isGone || (type !== undefined && typeOf(arena, entry) !== type)) continue
    found[count++] = entry
  }
  return count
}

function typeArgument(call: Call, index: number): number {
  for (let type = 0; type < typeWords.length; type++) {
    const word = typeWords[type]
    if (word !== undefined && call.is(index, word)) return type
  }
  return NO_TYPE
}

function reply(call: Call, next: number, count: number): void {
  const { arena } = call
  call.reply.array(2)
  call.reply.bulkInteger(next)
  call.reply.array(count)
  for (let i = 0; i < count; i++) {
    const start = keyStart(arena, found[i]!)
    call.reply.bulk(keyBytes(arena, found[i]!), start, start + keyLength(arena, found[i]!))
  }
}
