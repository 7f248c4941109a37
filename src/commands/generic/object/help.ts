/** OBJECT HELP. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { replyHelp } from '../../help.js'

export const objectHelp = defineCommand({
  name: 'HELP',
  summary: 'Describes the subcommands of OBJECT.',
  since: '6.2.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.loading | Flag.stale,
  acl: ['keyspace'],
  reply: 'array',

  run(call) {
    const container = call.command.parent!
    replyHelp(call, container.name, container.help!)
  },
})
