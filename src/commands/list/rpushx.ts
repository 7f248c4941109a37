/** RPUSHX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { pushElements } from './push-elements.js'

/**
 * RPUSHX key element [element …]
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: none on a missing key; `rpush`; replicated as sent.
 */
export const rpushx = defineCommand({
  name: 'RPUSHX',
  summary: 'Adds elements at the tail of a list that exists, one after the other.',
  since: '2.2.0',
  group: 'list',
  complexity: 'O(1) for each element',
  arity: -3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'element:string multiple'],
  history: [['4.0.0', 'Takes more than one element.']],
  reply: 'integer',

  run(call) {
    pushElements(call, false, true)
  },
})
