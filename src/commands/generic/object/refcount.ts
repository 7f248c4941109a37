/** OBJECT REFCOUNT. */

import type { Call } from '../../../engine/call.js'
import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { typeOf, Type } from '../../../keyspace/entry.js'
import { isInteger, readSafeInteger } from '../../../keyspace/types/string.js'
import type { Pointer } from '../../../memory/pointer.js'
import { findQuietly } from '../lookup.js'

/** Integers below this are shared by all keys in the reference, whose count then stands still at its maximum. */
const SHARED_INTEGERS = 10000
const SHARED_COUNT = 2147483647

/** OBJECT REFCOUNT key: nil when there is no such key. */
export const objectRefcount = defineCommand({
  name: 'REFCOUNT',
  summary: 'Tells how many references to a value there are.',
  since: '2.2.3',
  group: 'generic',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly,
  acl: ['keyspace'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  tips: ['nondeterministic_output'],
  reply: 'integer|nil',

  run(call) {
    const entry = findQuietly(call, 2)
    if (entry === 0) return call.reply.nil()
    call.reply.integer(isShared(call, entry) ? SHARED_COUNT : 1)
  },
})

/** Values here are never shared; the count is what a client of the reference would see. */
function isShared(call: Call, entry: Pointer): boolean {
  if (typeOf(call.arena, entry) !== Type.string || !isInteger(call.arena, entry)) return false
  const { maxmemory, 'maxmemory-policy': policy } = call.store.config.values
  // With LRU or LFU eviction each key needs an object of its own to carry its clock.
  if (maxmemory !== 0 && (policy.endsWith('lru') || policy.endsWith('lfu'))) return false
  const value = readSafeInteger(call.arena, entry)
  return value >= 0 && value < SHARED_INTEGERS
}
