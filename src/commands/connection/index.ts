/** The connection group. */

import type { CommandSpec } from '../../engine/command.js'
import { ping } from './ping.js'

export const connectionCommands: readonly CommandSpec[] = [ping]
