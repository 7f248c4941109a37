/** Commands on streams. */

import type { CommandSpec } from '../../engine/command.js'
import { xack } from './xack.js'
import { xadd } from './xadd.js'
import { xautoclaim } from './xautoclaim.js'
import { xclaim } from './xclaim.js'
import { xdel } from './xdel.js'
import { xgroup } from './xgroup/index.js'
import { xinfo } from './xinfo/index.js'
import { xlen } from './xlen.js'
import { xpending } from './xpending.js'
import { xrange } from './xrange.js'
import { xread } from './xread.js'
import { xreadgroup } from './xreadgroup.js'
import { xrevrange } from './xrevrange.js'
import { xsetid } from './xsetid.js'
import { xtrim } from './xtrim.js'

export const streamCommands: readonly CommandSpec[] = [
  xack, xadd, xautoclaim, xclaim, xdel, xgroup, xinfo, xlen, xpending, xrange, xread, xreadgroup, xrevrange, xsetid, xtrim,
] // prettier-ignore
