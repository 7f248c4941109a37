/** GEOSEARCHSTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { byArgument, countArgument, fromArgument, orderArgument, Search } from './search-request.js'
import { search } from './search.js'

/**
 * GEOSEARCHSTORE destination source <FROMMEMBER member | FROMLONLAT longitude latitude>
 *   <BYRADIUS radius unit | BYBOX width height unit> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]
 *
 * Errors:  as GEOSEARCH; WITH… options.
 * Effects: replaces the destination, or deletes it if nothing was found: `geosearchstore` or `del`; replicated as sent.
 */
export const geosearchstore = defineCommand({
  name: 'GEOSEARCHSTORE',
  summary:
    'Stores the members within a circle or a rectangle as a sorted set, with their geohashes or their distances.',
  since: '6.2.0',
  group: 'geo',
  complexity: 'O(N + log M), N = members in the cells around the center, M = members of the sorted set',
  arity: -8,
  flags: Flag.write | Flag.denyOom,
  acl: ['geo'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.overwrite | Access.update },
    { at: 2, last: 0, step: 1, access: Access.readOnly | Access.returnsData },
  ],
  args: [
    'destination:key',
    'source:key',
    fromArgument,
    byArgument,
    orderArgument,
    countArgument(),
    'storedist:pure-token token=STOREDIST optional',
  ],
  history: [['7.0.0', 'Units may be in upper case.']],
  reply: 'integer',

  run(call) {
    search(call, Search.free | Search.stores, 2)
  },
})
