/** MEMORY STATS. */

import { defineCommand } from '../../../engine/command.js'
import { measureMemory, type MemoryOverview } from '../../../introspection/memory.js'
import type { ReplyWriter } from '../../../protocol/reply-writer.js'
import { scripting } from '../../../scripting/scripting.js'

/** A row is shown as an integer, or as a double when its name says that it is a share. */
type Row = readonly [name: string, value: (memory: MemoryOverview) => number]

const quotient = (part: number, whole: number): number => (whole === 0 ? 0 : Math.fround(part / whole))

const ROWS_BEFORE: readonly Row[] = [
  ['peak.allocated', ({ peakBytes }) => peakBytes],
  ['total.allocated', ({ usedBytes }) => usedBytes],
  ['startup.allocated', ({ startupBytes }) => startupBytes],
  ['replication.backlog', () => 0],
  ['clients.slaves', ({ replicaClientsBytes }) => replicaClientsBytes],
  ['clients.normal', ({ normalClientsBytes }) => normalClientsBytes],
  ['cluster.links', () => 0],
  ['aof.buffer', () => 0],
]

const ROWS_AFTER: readonly Row[] = [
  ['overhead.total', ({ overheadBytes }) => overheadBytes],
  ['keys.count', ({ keyCount }) => keyCount],
  ['keys.bytes-per-key', ({ bytesPerKey }) => bytesPerKey],
  ['dataset.bytes', ({ datasetBytes }) => datasetBytes],
  ['dataset.percentage', ({ datasetPercent }) => datasetPercent],
  ['peak.percentage', ({ peakPercent }) => peakPercent],
  ['allocator.allocated', ({ arena }) => arena.usedBytes],
  ['allocator.active', ({ arena }) => arena.activeBytes],
  ['allocator.resident', ({ arena }) => arena.residentBytesMax],
  ['allocator-fragmentation.ratio', ({ arena }) => quotient(arena.activeBytes, arena.usedBytes)],
  ['allocator-fragmentation.bytes', ({ arena }) => arena.activeBytes - arena.usedBytes],
  ['allocator-rss.ratio', ({ arena }) => quotient(arena.residentBytesMax, arena.activeBytes)],
  ['allocator-rss.bytes', ({ arena }) => arena.residentBytesMax - arena.activeBytes],
  ['rss-overhead.ratio', ({ arena, residentBytes }) => quotient(residentBytes, arena.residentBytesMax)],
  ['rss-overhead.bytes', ({ arena, residentBytes }) => residentBytes - arena.residentBytesMax],
  ['fragmentation', ({ residentBytes, usedBytes }) => quotient(residentBytes, usedBytes)],
  ['fragmentation.bytes', ({ residentBytes, usedBytes }) => residentBytes - usedBytes],
]

/** MEMORY STATS: a map of figures, with one map for each database that holds keys. */
export const memoryStats = defineCommand({
  name: 'STATS',
  summary: 'Shows what the memory of the server is used for.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N), N = clients and databases',
  arity: 2,
  flags: 0,
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  reply: 'map',

  run({ reply, store }) {
    const memory = measureMemory(store)
    const { scripts, libraries } = store.services.get(scripting)
    reply.map(ROWS_BEFORE.length + 2 + memory.databases.length + ROWS_AFTER.length)
    for (const row of ROWS_BEFORE) replyRow(reply, row, memory)
    replyInteger(reply, 'lua.caches', scripts.bytes)
    replyInteger(reply, 'functions.caches', libraries.bytes)
    for (const { index, mainTableBytes, expiryTableBytes } of memory.databases) {
      reply.bulkText(`db.${index}`)
      reply.map(3)
      replyInteger(reply, 'overhead.hashtable.main', mainTableBytes)
      replyInteger(reply, 'overhead.hashtable.expires', expiryTableBytes)
      replyInteger(reply, 'overhead.hashtable.slot-to-keys', 0)
    }
    for (const row of ROWS_AFTER) replyRow(reply, row, memory)
  },
})

function replyRow(reply: ReplyWriter, [name, value]: Row, memory: MemoryOverview): void {
  if (!/(?:percentage|ratio|^fragmentation)$/.test(name)) return replyInteger(reply, name, value(memory))
  reply.bulkText(name)
  reply.double(value(memory))
}

function replyInteger(reply: ReplyWriter, name: string, value: number): void {
  reply.bulkText(name)
  reply.integer(value)
}
