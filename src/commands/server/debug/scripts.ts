/** DEBUG subcommands about scripts. */

import { scripting } from '../../../scripting/scripting.js'
import { type DebugSubcommand, debugSubcommand, leadingInteger } from './subcommand.js'

export const scriptSubcommands: readonly DebugSubcommand[] = [
  debugSubcommand(
    'SET-DISABLE-DENY-SCRIPTS',
    [3, 3],
    [
      'SET-DISABLE-DENY-SCRIPTS <0|1>',
      '    Lets scripts run commands that they may not run otherwise (1), or not (0).',
    ],
    (call) => {
      call.store.services.get(scripting).session.runsForbidden = leadingInteger(call.text(2)) !== 0
      call.reply.ok()
    },
  ),
]
