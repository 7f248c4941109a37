/** The server group. */

import type { CommandSpec } from '../../engine/command.js'
import { config } from './config/index.js'
import { dbsize } from './dbsize.js'
import { debug } from './debug/index.js'
import { flushall } from './flushall.js'
import { flushdb } from './flushdb.js'
import { info } from './info.js'
import { lolwut } from './lolwut.js'
import { memory } from './memory/index.js'
import { shutdown } from './shutdown.js'
import { swapdb } from './swapdb.js'
import { time } from './time.js'

export const serverCommands: readonly CommandSpec[] = [
  config,
  dbsize,
  debug,
  flushall,
  flushdb,
  info,
  lolwut,
  memory,
  shutdown,
  swapdb,
  time,
]
