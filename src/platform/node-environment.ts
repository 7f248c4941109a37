/** The real world, put together. */

import type { Environment } from '../base/environment.js'
import { NodeClock, NodeRandom, NodeTimers } from './node-clock.js'
import { NodeHost } from './node-host.js'
import { NodeLog } from './node-log.js'

export interface NodeEnvironment extends Environment {
  readonly log: NodeLog
  readonly host: NodeHost
}

export function nodeEnvironment(): NodeEnvironment {
  return {
    clock: new NodeClock(),
    random: new NodeRandom(),
    timers: new NodeTimers(),
    log: new NodeLog(),
    host: new NodeHost(),
  }
}
