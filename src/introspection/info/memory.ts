/** INFO memory. */

import { KeyspaceStat } from '../../keyspace/statistics.js'
import { humanBytes, ratio } from '../human.js'
import type { InfoFacts } from './facts.js'
import { type InfoRow, type InfoSection, row, supplied } from './row.js'

const bytes = (name: string, value: (facts: InfoFacts) => number): InfoRow[] => [
  row(name, value),
  row(`${name}_human`, (facts) => humanBytes(value(facts))),
]

/** Lua's figures are those of the scripting part. */
const figure = (facts: InfoFacts, name: string): number => Number(facts.figures.find(name)?.() ?? 0)
const vmTotal = (facts: InfoFacts): number =>
  figure(facts, 'used_memory_vm_eval') + figure(facts, 'used_memory_vm_functions')
const scripts = (facts: InfoFacts): number =>
  figure(facts, 'used_memory_scripts_eval') + figure(facts, 'used_memory_functions')

export const memorySection: InfoSection = {
  name: 'memory',
  title: 'Memory',
  isDefault: true,
  rows: [
    ...bytes('used_memory', ({ memory }) => memory.usedBytes),
    ...bytes('used_memory_rss', ({ memory }) => memory.residentBytes),
    ...bytes('used_memory_peak', ({ memory }) => memory.peakBytes),
    row('used_memory_peak_perc', ({ memory }) => `${memory.peakPercent.toFixed(2)}%`),
    row('used_memory_overhead', ({ memory }) => memory.overheadBytes),
    row('used_memory_startup', ({ memory }) => memory.startupBytes),
    row('used_memory_dataset', ({ memory }) => memory.datasetBytes),
    row('used_memory_dataset_perc', ({ memory }) => `${memory.datasetPercent.toFixed(2)}%`),
    row('allocator_allocated', ({ memory }) => memory.arena.usedBytes),
    row('allocator_active', ({ memory }) => memory.arena.activeBytes),
    row('allocator_resident', ({ memory }) => memory.arena.residentBytesMax),
    ...bytes('total_system_memory', (facts) => facts.host.totalMemoryBytes()),
    row('used_memory_lua', (facts) => figure(facts, 'used_memory_vm_eval')),
    supplied('used_memory_vm_eval'),
    row('used_memory_lua_human', (facts) => humanBytes(figure(facts, 'used_memory_vm_eval'))),
    supplied('used_memory_scripts_eval'),
    supplied('number_of_cached_scripts'),
    supplied('number_of_functions'),
    supplied('number_of_libraries'),
    supplied('used_memory_vm_functions'),
    ...bytes('used_memory_vm_total', vmTotal),
    supplied('used_memory_functions'),
    ...bytes('used_memory_scripts', scripts),
    ...bytes('maxmemory', (facts) => facts.values.maxmemory),
    row('maxmemory_policy', (facts) => facts.values['maxmemory-policy']),
    row('allocator_frag_ratio', ({ memory }) => ratio(memory.arena.activeBytes, memory.arena.usedBytes)),
    row('allocator_frag_bytes', ({ memory }) => memory.arena.activeBytes - memory.arena.usedBytes),
    row('allocator_rss_ratio', ({ memory }) => ratio(memory.arena.residentBytesMax, memory.arena.activeBytes)),
    row('allocator_rss_bytes', ({ memory }) => memory.arena.residentBytesMax - memory.arena.activeBytes),
    row('rss_overhead_ratio', ({ memory }) => ratio(memory.residentBytes, memory.arena.residentBytesMax)),
    row('rss_overhead_bytes', ({ memory }) => memory.residentBytes - memory.arena.residentBytesMax),
    row('mem_fragmentation_ratio', ({ memory }) => ratio(memory.residentBytes, memory.usedBytes)),
    row('mem_fragmentation_bytes', ({ memory }) => memory.residentBytes - memory.usedBytes),
    supplied('mem_not_counted_for_evict'),
    supplied('mem_replication_backlog'),
    supplied('mem_total_replication_buffers'),
    row('mem_clients_slaves', ({ memory }) => memory.replicaClientsBytes),
    row('mem_clients_normal', ({ memory }) => memory.normalClientsBytes),
    supplied('mem_cluster_links'),
    supplied('mem_aof_buffer'),
    row('mem_allocator', () => 'spinel-arena'),
    supplied('active_defrag_running'),
    row('lazyfree_pending_objects', (facts) => facts.store.keyspace.reclaimer.pendingObjects),
    row('lazyfreed_objects', (facts) => facts.keyspaceStatistic(KeyspaceStat.lazyFreed)),
  ],
}
