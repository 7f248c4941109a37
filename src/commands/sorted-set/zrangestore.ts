/** ZRANGESTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type RangeForm, RangeKind } from './range-query.js'
import { storeRange } from './store-range.js'

const FORM: RangeForm = { kind: RangeKind.unknown, isReverse: undefined, stores: true }

/**
 * ZRANGESTORE dst src min max [BYSCORE|BYLEX] [REV] [LIMIT offset count]
 *
 * Errors:  those of ZRANGE.
 * Effects: replaces the destination, whatever it held; an empty result deletes it. `zrangestore`, or `del`; replicated as sent.
 */
export const zrangestore = defineCommand({
  name: 'ZRANGESTORE',
  summary: 'Stores a part of a sorted set as another one.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members of the sorted set, M = members stored',
  arity: -5,
  flags: Flag.write | Flag.denyOom,
  acl: ['sortedset'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.overwrite | Access.update },
    { at: 2, last: 0, step: 1, access: Access.readOnly | Access.returnsData },
  ],
  args: [
    'dst:key',
    'src:key',
    'min:string',
    'max:string',
    {
      name: 'sortby',
      type: 'oneof',
      isOptional: true,
      args: ['byscore:pure-token token=BYSCORE', 'bylex:pure-token token=BYLEX'],
    },
    'rev:pure-token token=REV optional',
    { name: 'limit', type: 'block', token: 'LIMIT', isOptional: true, args: ['offset:integer', 'count:integer'] },
  ],
  reply: 'integer',

  run(call) {
    storeRange(call, FORM)
  },
})
