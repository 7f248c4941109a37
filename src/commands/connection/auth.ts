/** AUTH. */

import type { Call } from '../../engine/call.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { authenticate } from './authenticate.js'

/**
 * AUTH [username] password
 *
 * Errors: syntax (more than two arguments); no password is configured (one argument); WRONGPASS.
 */
export const auth = defineCommand({
  name: 'AUTH',
  summary: 'Logs the connection in as a user.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(N), N = passwords of the user',
  arity: -2,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.noAuth | Flag.sentinel | Flag.allowBusy,
  acl: ['connection'],
  args: ['username:string optional since=6.0.0', 'password:string'],
  history: [['6.0.0', 'Takes a user name, for access control lists.']],
  reply: 'ok',
  findSecrets,

  run(call) {
    if (call.argc > 3) return call.fail(ErrorReply.syntax)
    if (call.argc === 2 && !call.store.access.hasPassword) return call.fail(ErrorReply.authWithoutPassword)
    const user = call.argc === 2 ? 'default' : call.text(1)
    if (authenticate(call, user, call.argc - 1)) call.reply.ok()
  },
})

function findSecrets(call: Call, into: number[]): void {
  if (call.argc <= 3) for (let i = 1; i < call.argc; i++) into.push(i)
}
