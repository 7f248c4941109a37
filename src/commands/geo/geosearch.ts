/** GEOSEARCH. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { byArgument, countArgument, fromArgument, orderArgument, Search, withArguments } from './search-request.js'
import { search } from './search.js'

/**
 * GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius unit | BYBOX width height unit>
 *   [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]
 *
 * Errors:  WRONGTYPE (key holds another type); no such member, position, radius, box, unit, COUNT, each where it stands; syntax; no
 *          center; no shape; ANY without COUNT.
 */
export const geosearch = defineCommand({
  name: 'GEOSEARCH',
  summary: 'Finds the members within a circle or a rectangle.',
  since: '6.2.0',
  group: 'geo',
  complexity: 'O(N + log M), N = members in the cells around the center, M = members of the sorted set',
  arity: -7,
  flags: Flag.readOnly,
  acl: ['geo'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', fromArgument, byArgument, orderArgument, countArgument(), ...withArguments],
  history: [['7.0.0', 'Units may be in upper case.']],
  reply: 'array',

  run(call) {
    search(call, Search.free, 1)
  },
})
