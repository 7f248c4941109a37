/** SUBSTR: GETRANGE's name of old. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { replyRange } from './getrange.js'

/**
 * SUBSTR key start end
 *
 * Errors: not an integer (start, end); WRONGTYPE (key holds another type).
 */
export const substr = defineCommand({
  name: 'SUBSTR',
  summary: 'Returns the part of a string between two positions, as GETRANGE does.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(N), N = bytes returned',
  arity: 4,
  flags: Flag.readOnly,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'start:integer', 'end:integer'],
  reply: 'bulk',
  deprecatedSince: '2.0.0',
  replacedBy: '`GETRANGE`',
  docFlags: ['deprecated'],
  run: replyRange,
})
