/** DEBUG subcommands that show how things are kept. */

import { latin1Bytes } from '../../../base/bytes.js'
import { globMatch } from '../../../base/glob.js'
import type { Call } from '../../../engine/call.js'
import { Digest, digestKeyspace, digestValue } from '../../../introspection/digest.js'
import { entryBlockBytes, valueOf } from '../../../introspection/memory-usage.js'
import { lruIdleSeconds } from '../../../keyspace/access-clock.js'
import {
  CLOCK_MASK,
  clockWordOf,
  Encoding,
  encodingNames,
  encodingOf,
  HEADER_BYTES,
  keyLength,
  Type,
  typeOf,
} from '../../../keyspace/entry.js'
import { cellPointer } from '../../../keyspace/types/cell.js'
import { stringLength } from '../../../keyspace/types/string.js'
import { hashRoot } from '../../../keyspace/types/timed-hash.js'
import type { Arena } from '../../../memory/arena.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { Dict } from '../../../structures/dict.js'
import { contentBytes, count, depthOf, fillOf, nodeTotal } from '../../../structures/quicklist.js'
import { Skiplist } from '../../../structures/skiplist.js'
import { type DebugSubcommand, debugSubcommand } from './subcommand.js'
import { serializedLength } from './serialized-length.js'
import { describeTable } from './table-statistics.js'

const FULL = latin1Bytes('full')
const MATCH_ROUNDS = 100_000

export const inspectSubcommands: readonly DebugSubcommand[] = [
  debugSubcommand('DIGEST', [2, 2], ['DIGEST', '    Shows a fingerprint of all the data.'], (call) => {
    const digest = digestKeyspace(call.keyspace)
    if (digest === undefined) call.fail(ErrorReply.notBuilt('debug digest'))
    else call.reply.simple(digest)
  }),
  debugSubcommand(
    'DIGEST-VALUE',
    [2, Infinity],
    ['DIGEST-VALUE <key> [<key> ...]', '    Shows a fingerprint of the value of each key; zeros for a missing one.'],
    digestValues,
  ),
  debugSubcommand(
    'HTSTATS',
    [3, Infinity],
    ['HTSTATS <database> [FULL]', '    Shows figures about the tables of keys of a database.'],
    tableStatistics,
  ),
  debugSubcommand(
    'HTSTATS-KEY',
    [3, Infinity],
    ['HTSTATS-KEY <key> [FULL]', '    The same for the hash table of a value.'],
    valueTableStatistics,
  ),
  debugSubcommand('OBJECT', [3, 3], ['OBJECT <key>', '    Shows how a value is kept.'], showObject),
  debugSubcommand('SDSLEN', [3, 3], ['SDSLEN <key>', '    Shows the lengths of a key and its string.'], showLengths),
  debugSubcommand(
    'STRINGMATCH-TEST',
    [2, 2],
    ['STRINGMATCH-TEST', '    Tries patterns at random against texts at random.'],
    testMatching,
  ),
  debugSubcommand('STRUCTSIZE', [2, 2], ['STRUCTSIZE', '    Shows the sizes of some structures.'], (call) => {
    const { pointerBits } = call.store.environment.host
    call.reply.bulkText(`bits:${pointerBits} entry:${HEADER_BYTES} expiry:8 cell:8 bucket:64 bucketslots:12 `)
  }),
]

/** The entry of argument 2, past its time or not; 0 with the error replied. */
function findRaw(call: Call): Pointer {
  const entry = call.database.find(call.bytes, call.starts[2]!, call.ends[2]!)
  if (entry === 0) call.fail(ErrorReply.noSuchKey)
  return entry
}

function digestValues(call: Call): void {
  const digest = new Digest()
  const shown: string[] = []
  for (let i = 2; i < call.argc; i++) {
    digest.reset()
    const entry = call.database.find(call.bytes, call.starts[i]!, call.ends[i]!)
    if (entry !== 0 && !digestValue(call.database, entry, digest)) {
      return call.fail(ErrorReply.notBuilt('debug digest-value'))
    }
    shown.push(digest.hex())
  }
  call.reply.array(shown.length)
  for (const text of shown) call.reply.simple(text)
}

function tableStatistics(call: Call): void {
  const index = call.integer(2)
  if (Number.isNaN(index)) return
  const database = call.keyspace.databases[index]
  if (database === undefined) return call.fail(ErrorReply.debugDatabase)
  const isFull = wantsFull(call)
  const text = `[Dictionary HT]\n${describeTable(database.keys, isFull)}[Expires HT]\n${describeTable(database.volatile, isFull)}`
  call.reply.verbatim('txt', text)
}

function valueTableStatistics(call: Call): void {
  const entry = findRaw(call)
  if (entry === 0) return
  const dict = dictOf(call, entry)
  if (dict === undefined) return call.fail(ErrorReply.debugNotHashTable)
  call.reply.verbatim('txt', describeTable(dict, wantsFull(call)))
}

/** The hash table of a set, a hash or a sorted set; undefined when it has none. */
function dictOf({ arena, keyspace }: Call, entry: Pointer): Dict | undefined {
  const encoding = encodingOf(arena, entry)
  const value = cellPointer(arena, entry)
  if (encoding === Encoding.skiplist) {
    const skiplist = new Skiplist(arena, keyspace.hashKey0, keyspace.hashKey1)
    skiplist.open(value)
    return skiplist.dict
  }
  if (encoding !== Encoding.hashtable && encoding !== Encoding.timedHashtable) return undefined
  const dict = new Dict(arena, keyspace.hashKey0, keyspace.hashKey1)
  dict.open(hashRoot(arena, encoding, value))
  return dict
}

function wantsFull(call: Call): boolean {
  return call.argc >= 4 && call.is(3, FULL)
}

function showObject(call: Call): void {
  const { arena, keyspace } = call
  const entry = findRaw(call)
  if (entry === 0) return
  const length = serializedLength(call, entry)
  const clock = clockWordOf(arena, entry) & CLOCK_MASK
  const address = ((entry >>> 0) * 8).toString(16)
  const encoding = encodingNames[encodingOf(arena, entry)]
  call.reply.simple(
    `Value at:0x${address} refcount:1 encoding:${encoding} serializedlength:${length} ` +
      `lru:${clock} lru_seconds_idle:${lruIdleSeconds(clock, keyspace.nowMs)}${describeQuicklist(call.arena, entry)}`,
  )
}

function describeQuicklist(arena: Arena, entry: Pointer): string {
  if (encodingOf(arena, entry) !== Encoding.quicklist) return ''
  const list = cellPointer(arena, entry)
  const nodes = nodeTotal(arena, list)
  return (
    ` ql_nodes:${nodes} ql_avg_node:${(count(arena, list) / nodes).toFixed(2)} ql_listpack_max:${fillOf(arena, list)}` +
    ` ql_compressed:${depthOf(arena, list) !== 0 ? 1 : 0} ql_uncompressed_size:${contentBytes(arena, list)}`
  )
}

function showLengths(call: Call): void {
  const { arena, database } = call
  const entry = findRaw(call)
  if (entry === 0) return
  if (typeOf(arena, entry) !== Type.string || encodingOf(arena, entry) === Encoding.int) {
    return call.fail(ErrorReply.debugNotSds)
  }
  const length = stringLength(arena, entry)
  const keyBlock = entryBlockBytes(database, entry)
  const [, block] = valueOf(database, entry)
  const valueBlock = block === 0 ? keyBlock : arena.usableBytes(block)
  call.reply.simple(
    `key_sds_len:${keyLength(arena, entry)}, key_sds_avail:0, key_zmalloc: ${keyBlock}, ` +
      `val_sds_len:${length}, val_sds_avail:${block === 0 ? 0 : valueBlock - length}, val_zmalloc: ${valueBlock}`,
  )
}

function testMatching(call: Call): void {
  const { random } = call.keyspace
  const pattern = new Uint8Array(32)
  const text = new Uint8Array(128)
  const signs = latin1Bytes('*?[]^-\\abz')
  for (let round = 0; round < MATCH_ROUNDS; round++) {
    const patternEnd = random.next32() % pattern.length
    const textEnd = random.next32() % text.length
    for (let i = 0; i < patternEnd; i++) pattern[i] = signs[random.next32() % signs.length]!
    for (let i = 0; i < textEnd; i++) text[i] = random.next32() & 127
    globMatch(pattern, 0, patternEnd, text, 0, textEnd, false)
  }
  call.reply.simple('Every pattern came to an end: test passed')
}
