/** COMMAND: what commands there are. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { commandCount } from './count.js'
import { commandDocs } from './docs.js'
import { commandGetkeys } from './getkeys.js'
import { commandGetkeysandflags } from './getkeysandflags.js'
import { commandInfo, replyAllInfo } from './info.js'
import { commandList } from './list.js'

/** COMMAND without subcommand does what COMMAND INFO without names does. */
export const command = defineCommand({
  name: 'COMMAND',
  summary: 'Describes all commands for client libraries.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(N), N = commands there are',
  arity: -1,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  tips: ['nondeterministic_output_order'],
  reply: 'array',
  subcommands: [
    commandCount,
    commandDocs,
    commandGetkeys,
    commandGetkeysandflags,
    defineHelp('server', '5.0.0', Flag.loading | Flag.stale | Flag.sentinel, ['connection']),
    commandInfo,
    commandList,
  ],
  help: [
    '(no subcommand)',
    '    Describes all commands.',
    'COUNT',
    '    Returns the number of commands.',
    'LIST',
    '    Returns the names of all commands and subcommands.',
    'INFO [<command-name> ...]',
    '    Describes some commands, or all.',
    'DOCS [<command-name> ...]',
    '    Documents some commands, or all.',
    'GETKEYS <full-command>',
    '    Returns the keys of a call.',
    'GETKEYSANDFLAGS <full-command>',
    '    Returns the keys of a call with what is done to them.',
  ],

  run: replyAllInfo,
})
