/**
 * What a key costs: the growth of the process's resident memory while keys are added, and of V8's heap, which should not grow.
 * Keys and values have 16 bytes each.
 */

import { load } from './loader.js'
import type { Options } from './options.js'
import { type RunningServer, type ServerName, type Servers, SERVERS } from './servers.js'
import { say, sleep } from './statistics.js'

const VALUE_BYTES = 16
const KEYS = [1_000_000, 5_000_000] as const
const KEYS_QUICK = [100_000, 500_000] as const
/** Keys added and deleted before the first reading, so that what a server needs once is not charged to keys. */
const WARM_UP_KEYS = 10_000
const SETTLE_MS = 1500

export interface MemoryRow {
  readonly server: ServerName
  readonly keys: number
  readonly residentBytesPerKey: number
  /** V8 heap in use after a full collection, in all, and its growth since there were no keys. */
  readonly heapUsedBytes?: number
  readonly heapGrowthBytes?: number
}

export async function measureMemory(servers: Servers, { isQuick }: Options): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = []
  for (const name of SERVERS) {
    const server = await servers.start(name, { isWatched: true })
    rows.push(...(await measureServer(server, isQuick ? KEYS_QUICK : KEYS)))
    await server.stop()
  }
  return rows
}

async function measureServer(server: RunningServer, counts: readonly number[]): Promise<MemoryRow[]> {
  const { name, port } = server
  await load({ port, from: 0, to: WARM_UP_KEYS, valueBytes: VALUE_BYTES })
  const empty = await reading(server)
  const rows: MemoryRow[] = []
  let from = WARM_UP_KEYS
  for (const to of counts) {
    await load({ port, from, to, valueBytes: VALUE_BYTES })
    from = to
    const { residentBytes, heapUsedBytes } = await reading(server)
    const residentBytesPerKey = (residentBytes - empty.residentBytes) / (to - WARM_UP_KEYS)
    const heap =
      heapUsedBytes === undefined ? {} : { heapUsedBytes, heapGrowthBytes: heapUsedBytes - empty.heapUsedBytes! }
    rows.push({ server: name, keys: to, residentBytesPerKey, ...heap })
    say(`memory: ${name}, ${to} keys: ${residentBytesPerKey.toFixed(1)} bytes a key`)
  }
  return rows
}

async function reading(server: RunningServer): Promise<{ residentBytes: number; heapUsedBytes: number | undefined }> {
  await sleep(SETTLE_MS)
  const heapUsedBytes = server.name === 'spinel' ? (await server.inside()).heapUsedBytes : undefined
  return { residentBytes: server.residentBytes(), heapUsedBytes }
}
