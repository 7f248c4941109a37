/** RANDOMKEY. */

import type { Call } from '../../engine/call.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { keyBytes, keyLength, keyStart } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'

/** Keys drawn where all may be past their time and none can be deleted; the last is shown then, as the reference does. */
const HIDDEN_TRIES_MAX = 100

/** RANDOMKEY: nil when there are no keys. Keys found past their time are deleted on the way. */
export const randomkey = defineCommand({
  name: 'RANDOMKEY',
  summary: 'Names a key drawn at random.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.readOnly | Flag.touchesArbitraryKeys,
  acl: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:special', 'nondeterministic_output'],
  reply: 'bulk|nil',

  run(call) {
    const entry = randomEntry(call)
    if (entry === 0) return call.reply.nil()
    const start = keyStart(call.arena, entry)
    call.reply.bulk(keyBytes(call.arena, entry), start, start + keyLength(call.arena, entry))
  },
})

function randomEntry(call: Call): Pointer {
  const { database, keyspace } = call
  for (let tries = 1; ; tries++) {
    const entry = database.keys.random(keyspace.random)
    if (entry === 0) return 0
    const mayAllBeHidden = !keyspace.deletesExpired && database.volatile.count === database.keys.count
    if (!database.dropIfExpired(entry) || (mayAllBeHidden && tries >= HIDDEN_TRIES_MAX)) return entry
  }
}
