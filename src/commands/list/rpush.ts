/** RPUSH. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { pushElements } from './push-elements.js'

/**
 * RPUSH key element [element …]
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: creates the key on demand; `rpush`; replicated as sent.
 */
export const rpush = defineCommand({
  name: 'RPUSH',
  summary: 'Adds elements at the tail of a list, one after the other; a missing key becomes a list.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(1) for each element',
  arity: -3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'element:string multiple'],
  history: [['2.4.0', 'Takes more than one element.']],
  reply: 'integer',

  run(call) {
    pushElements(call, false, false)
  },
})
