/** COMMAND INFO. */

import type { Call } from '../../../engine/call.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { replyCommandInfo } from '../../../introspection/command-docs.js'

/** COMMAND INFO [name …]: nil for a name that no command has. */
export const commandInfo = defineCommand({
  name: 'INFO',
  summary: 'Describes some commands, or all, for client libraries.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(N), N = commands described',
  arity: -2,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: ['command-name:string optional multiple'],
  history: [['7.0.0', 'Describes all commands when none is named.']],
  tips: ['nondeterministic_output_order'],
  reply: 'array',

  run(call) {
    if (call.argc === 2) return replyAllInfo(call)
    const { reply, store } = call
    reply.array(call.argc - 2)
    for (let i = 2; i < call.argc; i++) {
      const command = store.registry.findByFullName(call.text(i))
      if (command === undefined) reply.nil()
      else replyCommandInfo(command, reply)
    }
  },
})

/** Describes all commands, as COMMAND without arguments does too. */
export function replyAllInfo({ reply, store }: Call): void {
  const commands = store.registry.containers
  reply.array(commands.length)
  for (const command of commands) replyCommandInfo(command, reply)
}
