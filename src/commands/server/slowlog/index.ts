/** SLOWLOG: commands that took long. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { slowlogGet } from './get.js'
import { slowlogLen } from './len.js'
import { slowlogReset } from './reset.js'

export const slowlog = defineCommand({
  name: 'SLOWLOG',
  summary: 'Shows and empties the log of commands that took long.',
  since: '2.2.12',
  group: 'server',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [slowlogGet, defineHelp('server', '6.2.0'), slowlogLen, slowlogReset],
  help: [
    'GET [<count>]',
    '    Returns the latest entries (default: 10; -1: all), each made of:',
    '    number, time, duration in microseconds, arguments, address and port of',
    '    the client, name of the client',
    'LEN',
    '    Returns the number of entries.',
    'RESET',
    '    Empties the log.',
  ],
})
