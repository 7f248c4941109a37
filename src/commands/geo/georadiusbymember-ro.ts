/** GEORADIUSBYMEMBER_RO. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { unitArgument } from './arguments.js'
import { countArgument, orderArgument, Search, withArguments } from './search-request.js'
import { search } from './search.js'

/**
 * GEORADIUSBYMEMBER_RO key member radius unit [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]
 *
 * Errors:  WRONGTYPE (key holds another type); no such member; radius, unit, COUNT; syntax.
 */
export const georadiusbymemberRo = defineCommand({
  name: 'GEORADIUSBYMEMBER_RO',
  summary: 'Finds the members within a distance of another one, for clients that may only read.',
  since: '3.2.10',
  group: 'geo',
  complexity: 'O(N + log M), N = members in the cells around the center, M = members of the sorted set',
  arity: -5,
  flags: Flag.readOnly,
  acl: ['geo'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'member:string', 'radius:double', unitArgument, ...withArguments, countArgument(), orderArgument],
  deprecatedSince: '6.2.0',
  replacedBy: '`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments',
  docFlags: ['deprecated'],
  reply: 'array',

  run(call) {
    search(call, Search.aroundMember | Search.readsOnly, 1)
  },
})
