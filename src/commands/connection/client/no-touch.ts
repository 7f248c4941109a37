/** CLIENT NO-TOUCH. */

import { ClientFlag } from '../../../engine/client.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { switchFlag } from './switch.js'

/**
 * CLIENT NO-TOUCH ON | OFF
 *
 * Errors: syntax.
 */
export const clientNoTouch = defineCommand({
  name: 'NO-TOUCH',
  summary: 'Keeps commands of this connection from counting as use of the keys they read.',
  since: '7.2.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.noScript | Flag.loading | Flag.stale,
  acl: ['connection'],
  args: [{ name: 'enabled', type: 'oneof', args: ['on:pure-token token=ON', 'off:pure-token token=OFF'] }],
  reply: 'ok',

  run(call) {
    switchFlag(call, ClientFlag.noTouch)
  },
})
