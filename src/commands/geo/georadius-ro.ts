/** GEORADIUS_RO. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { unitArgument } from './arguments.js'
import { countArgument, orderArgument, Search, withArguments } from './search-request.js'
import { search } from './search.js'

/**
 * GEORADIUS_RO key longitude latitude radius unit [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]
 *
 * Errors:  WRONGTYPE (key holds another type); not a float, invalid longitude,latitude pair; radius, unit, COUNT; syntax.
 */
export const georadiusRo = defineCommand({
  name: 'GEORADIUS_RO',
  summary: 'Finds the members within a distance of a position, for clients that may only read.',
  since: '3.2.10',
  group: 'geo',
  complexity: 'O(N + log M), N = members in the cells around the center, M = members of the sorted set',
  arity: -6,
  flags: Flag.readOnly,
  acl: ['geo'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'longitude:double',
    'latitude:double',
    'radius:double',
    unitArgument,
    ...withArguments,
    countArgument('6.2.0'),
    orderArgument,
  ],
  history: [['6.2.0', '`COUNT` knows `ANY`.']],
  deprecatedSince: '6.2.0',
  replacedBy: '`GEOSEARCH` with the `BYRADIUS` argument',
  docFlags: ['deprecated'],
  reply: 'array',

  run(call) {
    search(call, Search.aroundPosition | Search.readsOnly, 1)
  },
})
