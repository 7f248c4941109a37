/** DEL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { deleteKeys } from './delete-keys.js'

/**
 * DEL key [key …]
 *
 * Effects: `del` for each key there was; replicated as sent. Large values are freed in slices with lazyfree-lazy-user-del.
 */
export const del = defineCommand({
  name: 'DEL',
  summary: 'Deletes keys, whatever they hold.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N), N = keys, plus the elements of each collection that is deleted',
  arity: -2,
  flags: Flag.write,
  acl: ['keyspace'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.remove | Access.delete }],
  args: ['key:key multiple'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  reply: 'integer',

  run(call) {
    deleteKeys(call, call.keyspace.lazyFreesDeleted)
  },
})
