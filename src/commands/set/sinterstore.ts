/** SINTERSTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { buildIntersection, bySize, hasMissing, openSets } from './algebra.js'
import { removeDestination, storeResult } from './store-result.js'

/**
 * SINTERSTORE destination key [key …]
 *
 * Errors:  WRONGTYPE (a key holds another type).
 * Effects: replaces the destination, whatever it held; an empty result deletes it. `sinterstore`, or `del`; replicated as sent.
 */
export const sinterstore = defineCommand({
  name: 'SINTERSTORE',
  summary: 'Stores the members that all of several sets have as a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N*M) at worst, N = members of the smallest set, M = sets',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['set'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.update },
    { at: 2, last: -1, step: 1, access: Access.readOnly | Access.returnsData },
  ],
  args: ['destination:key', 'key:key multiple'],
  reply: 'integer',

  run(call) {
    const sets = openSets(call, 2, call.argc)
    if (sets === undefined) return
    const { target } = call.keyspace.sets
    if (hasMissing(sets)) return removeDestination(call)
    const isBuilt = buildIntersection(bySize(sets), target)
    storeResult(call, target, isBuilt, 'sinterstore')
  },
})
