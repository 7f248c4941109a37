/** SORT_RO. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { patternKeys, sortArguments, sortedKey, sortKeyAccess } from './arguments.js'
import { SortRun } from './sort-elements.js'

const sorter = new SortRun()

/**
 * SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA]
 *
 * Errors: as SORT; STORE is a syntax error.
 */
export const sortRo = defineCommand({
  name: 'SORT_RO',
  summary: 'Returns the elements of a list, a set or a sorted set in order.',
  since: '7.0.0',
  group: 'generic',
  complexity: 'O(N + M log M), N = elements, M = elements returned; O(N) when they are not sorted',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['set', 'sortedset', 'list', 'dangerous'],
  keys: [sortedKey, patternKeys],
  args: sortArguments,
  reply: 'array',
  findKeys: (_call, into) => {
    into.push(1)
    return true
  },
  keyAccess: sortKeyAccess,

  run(call) {
    sorter.run(call, false)
  },
})
