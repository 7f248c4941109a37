/**
 * Composition root of a store: puts data, commands and the parts that hang off them together. The server opens one behind
 * listeners, an embedding host one behind direct calls.
 */

import { DefaultUser } from '../acl/default-user.js'
import type { Environment } from '../base/environment.js'
import { allCommands } from '../commands/index.js'
import { notBuiltCommands } from '../commands/not-built.js'
import type { Config } from '../config/config.js'
import { Store } from '../engine/store.js'
import { provideInfo } from '../introspection/info/provide.js'
import { provideIntrospection } from '../introspection/provide.js'
import { watchCollectionLimits } from './collection-limits.js'
import { provideBlocking, provideLists } from './lists.js'
import { provideAppendOnlyFile } from './persistence.js'
import { provideRdb } from './rdb.js'
import { provideScripting } from './scripting.js'
import { provideSnapshots } from './snapshots.js'
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
    notBuilt: notBuiltCommands(allCommands),
    access: new DefaultUser(config),
    poisonsMemory: options.poisonsMemory ?? false,
  })
  provideInfo(store)
  provideIntrospection(store)
  provideLists(store)
  provideBlocking(store)
  provideScripting(store)
  provideAppendOnlyFile(store)
  provideRdb(store)
  provideSnapshots(store)
  config.onChange(['requirepass'], () => {
    for (const client of store.clients.values()) store.access.refresh(client)
    return undefined
  })
  store.executor.tracksLatency = config.values['latency-tracking']
  config.onChange(['latency-tracking'], (values) => {
    store.executor.tracksLatency = values['latency-tracking']
    return undefined
  })
  watchCollectionLimits(store)
  startHousekeeping(store)
  return store
}
