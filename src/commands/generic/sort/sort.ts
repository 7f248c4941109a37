/** SORT. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { findSortKeys, patternKeys, sortArguments, sortedKey, sortKeyAccess } from './arguments.js'
import { SortRun } from './sort-elements.js'

const sorter = new SortRun()

/**
 * SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE destination]
 *
 * Errors:  syntax; not an integer (LIMIT); BY or GET denied (cluster mode, or a user who may not read all keys); WRONGTYPE (key
 *          is no list, set or sorted set); scores that are no numbers. The destination stays as it is on error.
 * Effects: with STORE the destination is replaced: `sortstore`, or `del` when the result is empty; replicated as sent.
 */
export const sort = defineCommand({
  name: 'SORT',
  summary: 'Sorts the elements of a list, a set or a sorted set, and returns or stores them.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N + M log M), N = elements, M = elements returned; O(N) when they are not sorted',
  arity: -2,
  flags: Flag.write | Flag.denyOom,
  acl: ['set', 'sortedset', 'list', 'dangerous'],
  keys: [
    sortedKey,
    patternKeys,
    {
      isUnknown: true,
      access: Access.overwrite | Access.update,
      notes: 'The destination that STORE names may stand anywhere among the options.',
    },
  ],
  args: [...sortArguments, { name: 'destination', type: 'key', token: 'STORE', keySpec: 2, isOptional: true }],
  reply: 'integer|array',
  findKeys: findSortKeys,
  keyAccess: sortKeyAccess,

  run(call) {
    sorter.run(call, true)
  },
})
