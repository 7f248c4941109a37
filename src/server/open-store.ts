/**
 * Composition root of a store: puts data, commands and the parts that hang off them together. The server opens one behind
 * listeners, an embedding host one behind direct calls.
 */

import { DefaultUser } from '../acl/default-user.js'
import type { Environment } from '../base/environment.js'
import { allCommands } from '../commands/index.js'
import type { Config } from '../config/config.js'
import { Store } from '../engine/store.js'
import { startHousekeeping } from './housekeeping.js'

export interface OpenStoreOptions {
  readonly environment: Environment
  readonly config: Config
  readonly poisonsMemory?: boolean
}

export function openStore(options: OpenStoreOptions): Store {
  const { environment, config } = options
  const store = new Store({
    environment,
    config,
    commands: allCommands,
    access: new DefaultUser(config),
    poisonsMemory: options.poisonsMemory ?? false,
  })
  startHousekeeping(store)
  return store
}
