/** DEBUG: a look inside, and levers for tests. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { replyHelp } from '../../help.js'
import { appendOnlyFileSubcommands } from './append-only-file.js'
import { crashSubcommands } from './crash.js'
import { inspectSubcommands } from './inspect.js'
import { leverSubcommands } from './levers.js'
import { listSubcommands } from './list-structures.js'
import { notBuiltSubcommands } from './not-built.js'
import { populate } from './populate.js'
import { protocol } from './protocol.js'
import { reloadSubcommands } from './reload.js'
import { scriptSubcommands } from './scripts.js'
import type { DebugSubcommand } from './subcommand.js'

const SUBCOMMANDS: readonly DebugSubcommand[] = [
  ...appendOnlyFileSubcommands,
  ...crashSubcommands,
  ...inspectSubcommands,
  ...leverSubcommands,
  ...listSubcommands,
  ...notBuiltSubcommands,
  populate,
  protocol,
  ...reloadSubcommands,
  ...scriptSubcommands,
].sort((a, b) => (a.name < b.name ? -1 : 1))

/**
 * DEBUG subcommand [argument …]
 *
 * Errors:  not allowed (enable-debug-command); unknown subcommand or wrong number of arguments.
 */
export const debug = defineCommand({
  name: 'DEBUG',
  summary: 'Shows the insides of the server and moves its levers; for tests and for developers.',
  since: '1.0.0',
  group: 'server',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.protected,
  docFlags: ['syscmd'],
  reply: 'any',

  run(call) {
    const subcommand = find(call)
    if (subcommand !== undefined) subcommand.run(call)
    else if (call.is(1, HELP) && call.argc === 2)
      replyHelp(
        call,
        'DEBUG',
        SUBCOMMANDS.flatMap(({ help }) => help),
      )
    else call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'debug'))
  },
})

const HELP = latin1Bytes('help')

function find(call: Call): DebugSubcommand | undefined {
  return SUBCOMMANDS.find(({ bytes, argcMin, argcMax }) => {
    return call.argc >= argcMin && call.argc <= argcMax && call.is(1, bytes)
  })
}
