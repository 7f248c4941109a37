/** SUNIONSTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { buildUnion, openSets } from './algebra.js'
import { storeResult } from './store-result.js'

/**
 * SUNIONSTORE destination key [key …]
 *
 * Errors:  WRONGTYPE (a key holds another type).
 * Effects: replaces the destination, whatever it held; an empty result deletes it. `sunionstore`, or `del`; replicated as sent.
 */
export const sunionstore = defineCommand({
  name: 'SUNIONSTORE',
  summary: 'Stores the members that any of several sets has as a set.',
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
    const isBuilt = buildUnion(sets, target)
    storeResult(call, target, isBuilt, 'sunionstore')
  },
})
