/** The bitmap group. */

import type { CommandSpec } from '../../engine/command.js'
import { bitcount } from './bitcount.js'
import { bitfieldRo } from './bitfield-ro.js'
import { bitfield } from './bitfield.js'
import { bitop } from './bitop.js'
import { bitpos } from './bitpos.js'
import { getbit } from './getbit.js'
import { setbit } from './setbit.js'

export const bitmapCommands: readonly CommandSpec[] = [bitcount, bitfield, bitfieldRo, bitop, bitpos, getbit, setbit]
