/** The geo group. */

import type { CommandSpec } from '../../engine/command.js'
import { geoadd } from './geoadd.js'
import { geodist } from './geodist.js'
import { geohash } from './geohash.js'
import { geopos } from './geopos.js'
import { georadiusRo } from './georadius-ro.js'
import { georadius } from './georadius.js'
import { georadiusbymemberRo } from './georadiusbymember-ro.js'
import { georadiusbymember } from './georadiusbymember.js'
import { geosearch } from './geosearch.js'
import { geosearchstore } from './geosearchstore.js'

export const geoCommands: readonly CommandSpec[] = [
  geoadd,
  geodist,
  geohash,
  geopos,
  georadius,
  georadiusRo,
  georadiusbymember,
  georadiusbymemberRo,
  geosearch,
  geosearchstore,
]
