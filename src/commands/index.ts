/** Every command, in one list. */

import type { CommandSpec } from '../engine/command.js'
import { bitmapCommands } from './bitmap/index.js'
import { connectionCommands } from './connection/index.js'
import { genericCommands } from './generic/index.js'
import { geoCommands } from './geo/index.js'
import { hashCommands } from './hash/index.js'
import { hyperLogLogCommands } from './hyperloglog/index.js'
import { listCommands } from './list/index.js'
import { scriptingCommands } from './scripting/index.js'
import { serverCommands } from './server/index.js'
import { introspectionCommands } from './server/introspection-index.js'
import { setCommands } from './set/index.js'
import { sortedSetCommands } from './sorted-set/index.js'
import { streamCommands } from './stream/index.js'
import { stringCommands } from './string/index.js'
import { transactionCommands } from './transactions/index.js'

export const allCommands: readonly CommandSpec[] = [
  ...bitmapCommands,
  ...connectionCommands,
  ...genericCommands,
  ...geoCommands,
  ...hashCommands,
  ...hyperLogLogCommands,
  ...introspectionCommands,
  ...listCommands,
  ...scriptingCommands,
  ...serverCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...streamCommands,
  ...stringCommands,
  ...transactionCommands,
]
