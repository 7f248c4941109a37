/** The scripting group. */

import type { CommandSpec } from '../../engine/command.js'
import { evalReadOnly } from './eval-ro.js'
import { evalCommand } from './eval.js'
import { evalshaReadOnly } from './evalsha-ro.js'
import { evalsha } from './evalsha.js'
import { fcallReadOnly } from './fcall-ro.js'
import { fcall } from './fcall.js'
import { functionCommand } from './function/index.js'
import { script } from './script/index.js'

export const scriptingCommands: readonly CommandSpec[] = [
  evalCommand,
  evalReadOnly,
  evalsha,
  evalshaReadOnly,
  fcall,
  fcallReadOnly,
  functionCommand,
  script,
]
