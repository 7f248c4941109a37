/** KEYS. */

import { globMatch } from '../../base/glob.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { keyBytes, keyLength, keyStart } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'

const STAR = 0x2a

/** KEYS pattern: keys past their time are left out, but not deleted. */
export const keys = defineCommand({
  name: 'KEYS',
  summary: 'Lists all keys whose names match a pattern.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N), N = keys in the database',
  arity: 2,
  flags: Flag.readOnly,
  acl: ['keyspace', 'dangerous'],
  args: ['pattern:pattern'],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  reply: 'unordered',

  run(call) {
    const { arena, bytes, database, reply } = call
    const start = call.starts[1]!
    const end = call.ends[1]!
    const isAll = end - start === 1 && bytes[start] === STAR
    const mark = reply.deferArray()
    const bucket: Pointer[] = []
    let count = 0
    let cursor = 0
    do {
      bucket.length = 0
      cursor = database.keys.scan(cursor, bucket)
      for (let i = 0; i < bucket.length; i++) {
        const entry = bucket[i]!
        const key = keyBytes(arena, entry)
        const keyAt = keyStart(arena, entry)
        const keyEnd = keyAt + keyLength(arena, entry)
        if (!isAll && !globMatch(bytes, start, end, key, keyAt, keyEnd, false)) continue
        if (database.isExpired(entry)) continue
        reply.bulk(key, keyAt, keyEnd)
        count++
      }
    } while (cursor !== 0)
    reply.setArray(mark, count)
  },
})
