/** CONFIG: parameters of the running server. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { configGet } from './get.js'
import { configResetstat } from './resetstat.js'
import { configRewrite } from './rewrite.js'
import { configSet } from './set.js'

export const config = defineCommand({
  name: 'CONFIG',
  summary: 'Reads and changes the configuration of the running server.',
  since: '2.0.0',
  group: 'server',
  complexity: 'Depends on the subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [configGet, defineHelp('server', '5.0.0'), configResetstat, configRewrite, configSet],
  help: [
    'GET <pattern> [<pattern> ...]',
    '    Lists the parameters that match a pattern, with their values.',
    'SET <parameter> <value> [<parameter> <value> ...]',
    '    Changes parameters: all of them, or none if one is refused.',
    'RESETSTAT',
    '    Starts the statistics that INFO reports anew.',
    'REWRITE',
    '    Writes the present configuration to the configuration file.',
  ],
})
