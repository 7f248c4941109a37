/** Every command, in one list. */

import type { CommandSpec } from '../engine/command.js'
import { bitmapCommands } from './bitmap/index.js'
import { connectionCommands } from './connection/index.js'
import { genericCommands } from './generic/index.js'
import { hashCommands } from './hash/index.js'
import { listCommands } from './list/index.js'
import { serverCommands } from './server/index.js'
import { introspectionCommands } from './server/introspection-index.js'
import { setCommands } from './set/index.js'
import { stringCommands } from './string/index.js'
import { transactionCommands } from './transactions/index.js'

export const allCommands: readonly CommandSpec[] = [
  ...bitmapCommands,
  ...connectionCommands,
  ...genericCommands,
  ...hashCommands,
  ...introspectionCommands,
  ...listCommands,
  ...serverCommands,
  ...setCommands,
  ...stringCommands,
  ...transactionCommands,
]
