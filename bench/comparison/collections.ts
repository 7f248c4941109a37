/** How often V8 collects garbage while commands run, and for how long: collections for a million commands. */

import { load } from './loader.js'
import type { Options } from './options.js'
import { runLoad } from './redis-benchmark.js'
import type { Servers } from './servers.js'
import { say } from './statistics.js'

const TESTS = ['set', 'get', 'incr', 'mset'] as const
const PIPELINES = [1, 16] as const
const VALUE_BYTES = 16
const REQUESTS: Readonly<Record<number, number>> = { 1: 200_000, 16: 2_000_000 }
const QUICK_SHARE = 0.1
const KEYS = 1_000_000
const KEYS_QUICK = 100_000

export interface CollectionsRow {
  readonly test: string
  readonly pipeline: number
  readonly requests: number
  readonly scavengesPerMillion: number
  readonly markSweepsPerMillion: number
  readonly collectionMsPerMillion: number
}

export async function measureCollections(servers: Servers, options: Options): Promise<CollectionsRow[]> {
  const keys = options.isQuick ? KEYS_QUICK : KEYS
  const server = await servers.start('spinel', { isWatched: true })
  await load({ port: server.port, from: 0, to: keys, valueBytes: VALUE_BYTES })
  const rows: CollectionsRow[] = []
  for (const pipeline of PIPELINES) {
    for (const test of TESTS) {
      const requests = Math.round(
        REQUESTS[pipeline]! * (options.isQuick ? QUICK_SHARE : 1) * (test === 'mset' ? 0.2 : 1),
      )
      await server.inside()
      await runLoad({
        program: options.redisBenchmark,
        port: server.port,
        test,
        requests,
        pipeline,
        valueBytes: VALUE_BYTES,
        keys,
      })
      const { scavenges, markSweeps, collectionMs } = await server.inside()
      const perMillion = (value: number): number => (value * 1e6) / requests
      rows.push({
        test,
        pipeline,
        requests,
        scavengesPerMillion: perMillion(scavenges),
        markSweepsPerMillion: perMillion(markSweeps),
        collectionMsPerMillion: perMillion(collectionMs),
      })
    }
  }
  say(
    `collections: ${rows.map((row) => `${row.test} P=${row.pipeline} ${row.scavengesPerMillion.toFixed(1)}`).join(', ')}`,
  )
  await server.stop()
  return rows
}
