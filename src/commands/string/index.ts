/** The string group. */

import type { CommandSpec } from '../../engine/command.js'
import { get } from './get.js'
import { incr } from './incr.js'
import { mset } from './mset.js'
import { set } from './set.js'

export const stringCommands: readonly CommandSpec[] = [get, incr, mset, set]
