/** GEORADIUSBYMEMBER. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { unitArgument } from './arguments.js'
import { countArgument, orderArgument, Search, storeArgument, withArguments } from './search-request.js'
import { search } from './search.js'

/**
 * GEORADIUSBYMEMBER key member radius unit [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]
 *   [STORE key | STOREDIST key]
 *
 * Errors:  WRONGTYPE (key holds another type); no such member; radius, unit, COUNT; syntax; STORE with WITH… options.
 * Effects: with STORE or STOREDIST replaces the destination, or deletes it if nothing was found: `georadiusstore` or `del`; replicated
 *          as sent.
 */
export const georadiusbymember = defineCommand({
  name: 'GEORADIUSBYMEMBER',
  summary: 'Finds the members within a distance of another one, and tells or stores them.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(N + log M), N = members in the cells around the center, M = members of the sorted set',
  arity: -5,
  flags: Flag.write | Flag.denyOom,
  acl: ['geo'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData },
    { keyword: 'STORE', from: 5, last: 0, step: 1, access: Access.overwrite | Access.update },
    { keyword: 'STOREDIST', from: 5, last: 0, step: 1, access: Access.overwrite | Access.update },
  ],
  args: [
    'key:key',
    'member:string',
    'radius:double',
    unitArgument,
    ...withArguments,
    countArgument(),
    orderArgument,
    storeArgument,
  ],
  history: [['7.0.0', 'Units may be in upper case.']],
  deprecatedSince: '6.2.0',
  replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments',
  docFlags: ['deprecated'],
  reply: 'array|integer',

  run(call) {
    search(call, Search.aroundMember, 1)
  },
})
