/** The generic group: commands for keys of any type. */

import type { CommandSpec } from '../../engine/command.js'
import { copy } from './copy.js'
import { del } from './del.js'
import { dump } from './dump.js'
import { exists } from './exists.js'
import { expire } from './expire.js'
import { expireat } from './expireat.js'
import { expiretime } from './expiretime.js'
import { keys } from './keys.js'
import { migrate } from './migrate.js'
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
import { restoreAsking } from './restore-asking.js'
import { restore } from './restore.js'
import { scan } from './scan.js'
import { sortRo } from './sort/sort-ro.js'
import { sort } from './sort/sort.js'
import { touch } from './touch.js'
import { ttl } from './ttl.js'
import { type } from './type.js'
import { unlink } from './unlink.js'
import { wait } from './wait.js'
import { waitaof } from './waitaof.js'

export const genericCommands: readonly CommandSpec[] = [
  copy,
  del,
  dump,
  exists,
  expire,
  expireat,
  expiretime,
  keys,
  migrate,
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
  restore,
  restoreAsking,
  scan,
  sort,
  sortRo,
  touch,
  ttl,
  type,
  unlink,
  wait,
  waitaof,
]
