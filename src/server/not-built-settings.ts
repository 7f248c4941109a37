/**
 * Settings that ask for a part which is still to come. Most are told in the log; a server that would be open to everybody, or
 * miss what it was told to load, does not start.
 */

import type { Config } from '../config/config.js'

interface Wish {
  isMade(config: Config): boolean
  readonly consequence: string
  /** Rather no server than one that ignores this. */
  readonly isFatal?: boolean
}

const WISHES: readonly Wish[] = [
  {
    isMade: ({ values }) => values.replicaof !== undefined,
    consequence: 'Replication is not built yet in Spinel. replicaof has no effect: this server is a primary.',
  },
  {
    isMade: ({ values }) => values['cluster-enabled'],
    consequence: 'Cluster mode is not built yet in Spinel. This server knows no slots and no other nodes.',
  },
  {
    isMade: ({ values }) => values['tls-port'] !== 0,
    consequence: 'Encrypted connections are not built yet in Spinel. tls-port has no effect.',
  },
  {
    isMade: ({ users, values }) => users.length !== 0 || values.aclfile !== '',
    consequence: 'Users are not built yet in Spinel, and ignoring them would open the server to everybody.',
    isFatal: true,
  },
  {
    isMade: ({ modules }) => modules.length !== 0,
    consequence: 'Modules are native code, which Spinel cannot load.',
    isFatal: true,
  },
]

/** Why the server should not start; undefined when it may, with warnings passed to `warn`. */
export function checkWishes(config: Config, warn: (message: string) => void): string | undefined {
  for (const { consequence, isFatal, isMade } of WISHES) {
    if (!isMade(config)) continue
    if (isFatal === true) return consequence
    warn(consequence)
  }
  return undefined
}
