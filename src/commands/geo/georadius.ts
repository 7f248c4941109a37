/** GEORADIUS. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { unitArgument } from './arguments.js'
import { countArgument, orderArgument, Search, storeArgument, withArguments } from './search-request.js'
import { search } from './search.js'

/**
 * GEORADIUS key longitude latitude radius unit [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]
 *   [STORE key | STOREDIST key]
 *
 * Errors:  WRONGTYPE (key holds another type); not a float, invalid longitude,latitude pair; radius, unit, COUNT; syntax; STORE with WITH… options.
 * Effects: with STORE or STOREDIST replaces the destination, or deletes it if nothing was found: `georadiusstore` or `del`; replicated
 *          as sent.
 */
export const georadius = defineCommand({
  name: 'GEORADIUS',
  summary: 'Finds the members within a distance of a position, and tells or stores them.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(N + log M), N = members in the cells around the center, M = members of the sorted set',
  arity: -6,
  flags: Flag.write | Flag.denyOom,
  acl: ['geo'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData },
    { keyword: 'STORE', from: 6, last: 0, step: 1, access: Access.overwrite | Access.update },
    { keyword: 'STOREDIST', from: 6, last: 0, step: 1, access: Access.overwrite | Access.update },
  ],
  args: [
    'key:key',
    'longitude:double',
    'latitude:double',
    'radius:double',
    unitArgument,
    ...withArguments,
    countArgument('6.2.0'),
    orderArgument,
    storeArgument,
  ],
  history: [
    ['6.2.0', '`COUNT` knows `ANY`.'],
    ['7.0.0', 'Units may be in upper case.'],
  ],
  deprecatedSince: '6.2.0',
  replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument',
  docFlags: ['deprecated'],
  reply: 'array|integer',

  run(call) {
    search(call, Search.aroundPosition, 1)
  },
})
