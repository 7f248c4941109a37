/** XINFO. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { xinfoConsumers } from './consumers.js'
import { xinfoGroups } from './groups.js'
import { xinfoStream } from './stream.js'

export const xinfo = defineCommand({
  name: 'XINFO',
  summary: 'Looks into streams, their groups and consumers.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [xinfoConsumers, xinfoGroups, defineHelp('stream', '5.0.0', undefined, ['stream']), xinfoStream],
  help: [
    'CONSUMERS <key> <groupname>',
    '    List the consumers of a group.',
    'GROUPS <key>',
    '    List the consumer groups of a stream.',
    'STREAM <key> [FULL [COUNT <count>]',
    '    Show the figures of a stream; with FULL also what it holds.',
  ],
})
