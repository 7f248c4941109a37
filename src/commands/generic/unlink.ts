/** UNLINK. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { deleteKeys } from './delete-keys.js'

/**
 * UNLINK key [key …]
 *
 * Effects: `del` for each key there was; replicated as sent. Large values are freed in slices afterwards.
 */
export const unlink = defineCommand({
  name: 'UNLINK',
  summary: 'Deletes keys at once and frees what they held in the background.',
  since: '4.0.0',
  group: 'generic',
  complexity: 'O(N), N = keys; freeing the elements of collections follows in slices',
  arity: -2,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.remove | Access.delete }],
  args: ['key:key multiple'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  reply: 'integer',

  run(call) {
    deleteKeys(call, true)
  },
})
