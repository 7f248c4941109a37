/** The server group. */

import type { CommandSpec } from '../../engine/command.js'
import { bgrewriteaof } from './bgrewriteaof.js'
import { bgsave } from './bgsave.js'
import { config } from './config/index.js'
import { dbsize } from './dbsize.js'
import { debug } from './debug/index.js'
import { flushall } from './flushall.js'
import { flushdb } from './flushdb.js'
import { info } from './info.js'
import { lastsave } from './lastsave.js'
import { lolwut } from './lolwut.js'
import { memory } from './memory/index.js'
import { save } from './save.js'
import { shutdown } from './shutdown.js'
import { swapdb } from './swapdb.js'
import { time } from './time.js'

export const serverCommands: readonly CommandSpec[] = [
  bgrewriteaof,
  bgsave,
  config,
  dbsize,
  debug,
  flushall,
  flushdb,
  info,
  lastsave,
  lolwut,
  memory,
  save,
  shutdown,
  swapdb,
  time,
]
