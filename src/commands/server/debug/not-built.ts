/** DEBUG subcommands of parts that are still to come: they say so instead of pretending. */

import { ErrorReply } from '../../../protocol/errors.js'
import { type DebugSubcommand, debugSubcommand } from './subcommand.js'

const NAMES = [
  'CLIENT-EVICTION',
  'CLUSTERLINK',
  'CRASH-AND-RECOVER',
  'DROP-CLUSTER-PACKET-FILTER',
  'REPLICATE',
  'RESTART',
]

export const notBuiltSubcommands: readonly DebugSubcommand[] = [
  ...NAMES.map((name) =>
    debugSubcommand(name, [2, Infinity], [], (call) => call.fail(ErrorReply.notBuilt(`debug ${name.toLowerCase()}`))),
  ),
  // There is no malloc to control here, and there will be none.
  ...['MALLCTL', 'MALLCTL-STR'].map((name) =>
    debugSubcommand(name, [3, Infinity], [], (call) => call.fail(ErrorReply.debugNoMalloc)),
  ),
]
