/** Commands of the server group that show what commands there are, and what they do and did. */

import type { CommandSpec } from '../../engine/command.js'
import { command } from './command/index.js'
import { latency } from './latency/index.js'
import { monitor } from './monitor.js'
import { slowlog } from './slowlog/index.js'

export const introspectionCommands: readonly CommandSpec[] = [command, latency, monitor, slowlog]
