/** CLIENT NO-EVICT. */

import { ClientFlag } from '../../../engine/client.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { switchFlag } from './switch.js'

/**
 * CLIENT NO-EVICT ON | OFF
 *
 * Errors: syntax.
 */
export const clientNoEvict = defineCommand({
  name: 'NO-EVICT',
  summary: 'Exempts the connection from being closed when all clients together take up too much memory.',
  since: '7.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [{ name: 'enabled', type: 'oneof', args: ['on:pure-token token=ON', 'off:pure-token token=OFF'] }],
  reply: 'ok',

  run(call) {
    switchFlag(call, ClientFlag.noEvict)
  },
})
