/** COMMAND DOCS. */

import { type CommandSpec, defineCommand, Flag } from '../../../engine/command.js'
import { replyCommandDocs } from '../../../introspection/command-docs.js'

/** COMMAND DOCS [name …]: names that no command has are passed over. */
export const commandDocs = defineCommand({
  name: 'DOCS',
  summary: 'Documents some commands, or all.',
  since: '7.0.0',
  group: 'server',
  complexity: 'O(N), N = commands documented',
  arity: -2,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: ['command-name:string optional multiple'],
  tips: ['nondeterministic_output_order'],
  reply: 'map',

  run(call) {
    const { reply, store } = call
    const commands: CommandSpec[] = []
    if (call.argc === 2) commands.push(...store.registry.containers)
    for (let i = 2; i < call.argc; i++) {
      const command = store.registry.findByFullName(call.text(i))
      if (command !== undefined) commands.push(command)
    }
    reply.map(commands.length)
    for (const command of commands) {
      reply.bulkText(command.fullName)
      replyCommandDocs(command, reply)
    }
  },
})
