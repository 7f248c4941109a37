/** Every command, in one list. */

import type { CommandSpec } from '../engine/command.js'
import { connectionCommands } from './connection/index.js'
import { stringCommands } from './string/index.js'

export const allCommands: readonly CommandSpec[] = [...connectionCommands, ...stringCommands]
