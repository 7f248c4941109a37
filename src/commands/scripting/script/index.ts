/** SCRIPT: the scripts that are loaded, and the one that runs. */

import { defineCommand } from '../../../engine/command.js'
import { defineHelp } from '../../help.js'
import { scriptDebug } from './debug.js'
import { scriptExists } from './exists.js'
import { scriptFlush } from './flush.js'
import { scriptKill } from './kill.js'
import { scriptLoad } from './load.js'

export const script = defineCommand({
  name: 'SCRIPT',
  summary: 'Loads, finds, forgets and ends Lua scripts.',
  since: '2.6.0',
  group: 'scripting',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: 0,
  subcommands: [
    scriptDebug,
    scriptExists,
    scriptFlush,
    defineHelp('scripting', '5.0.0', undefined, ['scripting']),
    scriptKill,
    scriptLoad,
  ],
  help: [
    'DEBUG (YES|SYNC|NO)',
    '    Chooses whether scripts run under a debugger. There is none: only NO is',
    '    accepted.',
    'EXISTS <sha1> [<sha1> ...]',
    '    Tells of each hash whether a script of it is loaded.',
    'FLUSH [ASYNC|SYNC]',
    '    Forgets all scripts. Clients that use EVALSHA have to load theirs again.',
    'KILL',
    '    Ends the script that is running, if it has not written anything.',
    'LOAD <script>',
    '    Loads a script without running it.',
  ],
})
