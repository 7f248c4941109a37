/** The real world, put together. */

import type { Environment } from '../base/environment.js'
import { NodeClock, NodeRandom, NodeTimers } from './node-clock.js'
import { NodeDialer } from './node-dialer.js'
import { NodeFiles } from './node-files.js'
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
    files: new NodeFiles(),
    dialer: new NodeDialer(),
  }
}
