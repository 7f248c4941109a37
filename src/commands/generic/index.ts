/** The generic group: commands for keys of any type. */

import type { CommandSpec } from '../../engine/command.js'
import { copy } from './copy.js'
import { del } from './del.js'
import { exists } from './exists.js'
import { expire } from './expire.js'
import { expireat } from './expireat.js'
import { expiretime } from './expiretime.js'
import { keys } from './keys.js'
import { move } from './move.js'
import { object } from './object/index.js'
import { persist } from './persist.js'
import { pexpire } from './pexpire.js'
import { pexpireat } from './pexpireat.js'
import { pexpiretime } from './pexpiretime.js'
import { pttl } from './pttl.js'
import { randomkey } from './randomkey.js'
import { rename } from './rename.js'
import { renamenx } from './renamenx.js'
import { scan } from './scan.js'
import { touch } from './touch.js'
import { ttl } from './ttl.js'
import { type } from './type.js'
import { unlink } from './unlink.js'

export const genericCommands: readonly CommandSpec[] = [
  copy,
  del,
  exists,
  expire,
  expireat,
  expiretime,
  keys,
  move,
  object,
  persist,
  pexpire,
  pexpireat,
  pexpiretime,
  pttl,
  randomkey,
  rename,
  renamenx,
  scan,
  touch,
  ttl,
  type,
  unlink,
]
