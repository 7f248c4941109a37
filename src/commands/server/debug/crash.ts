/** DEBUG subcommands that end the server as a mistake would, to see the report. */

import { type CrashKind, serverControl } from '../../../engine/server-control.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { type DebugSubcommand, debugSubcommand } from './subcommand.js'

export const crashSubcommands: readonly DebugSubcommand[] = [
  crashing('ASSERT', 'assert', 'Fails an assertion.'),
  crashing('OOM', 'out of memory', 'Acts as if memory had run out.'),
  crashing('PANIC', 'panic', 'Panics.'),
  crashing('SEGFAULT', 'segfault', 'Ends as an access to forbidden memory would.'),
]

function crashing(name: string, kind: CrashKind, what: string): DebugSubcommand {
  return debugSubcommand(name, [2, Infinity], [name, `    Crashes the server: ${what}`], (call) => {
    const { services } = call.store
    // A store within another program does not take that program down.
    if (!services.has(serverControl)) return call.fail(ErrorReply.shutdownEmbedded)
    services.get(serverControl).crash(kind)
  })
}
