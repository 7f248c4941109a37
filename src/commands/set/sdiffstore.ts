/** SDIFFSTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { buildDifference, openSets } from './algebra.js'
import { storeResult } from './store-result.js'

/**
 * SDIFFSTORE destination key [key …]
 *
 * Errors:  WRONGTYPE (a key holds another type).
 * Effects: replaces the destination, whatever it held; an empty result deletes it. `sdiffstore`, or `del`; replicated as sent.
 */
export const sdiffstore = defineCommand({
  name: 'SDIFFSTORE',
  summary: 'Stores the members of a set that no other of several sets has as a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N), N = members of all sets',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['set'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.overwrite | Access.update },
    { at: 2, last: -1, step: 1, access: Access.readOnly | Access.returnsData },
  ],
  args: ['destination:key', 'key:key multiple'],
  reply: 'integer',

  run(call) {
    const sets = openSets(call, 2, call.argc)
    if (sets === undefined) return
    const { target } = call.keyspace.sets
    const isBuilt = buildDifference(sets, target)
    storeResult(call, target, isBuilt, 'sdiffstore')
  },
})
