/** The HyperLogLog group. */

import type { CommandSpec } from '../../engine/command.js'
import { pfadd } from './pfadd.js'
import { pfcount } from './pfcount.js'
import { pfdebug } from './pfdebug.js'
import { pfmerge } from './pfmerge.js'
import { pfselftest } from './pfselftest.js'

export const hyperLogLogCommands: readonly CommandSpec[] = [pfadd, pfcount, pfdebug, pfmerge, pfselftest]
