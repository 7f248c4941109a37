/** Results as JSON, and as tables to be read. */

import type { CollectionsRow } from './collections.js'
import type { CpuRow } from './cpu.js'
import type { DirectRow } from './direct.js'
import type { Machine, Versions } from './machine.js'
import type { MemoryRow } from './memory.js'
import type { StallRow } from './stalls.js'
import type { StartupRow } from './startup.js'

export interface Results {
  /** `2026-01-31` */
  readonly date: string
  readonly isQuick: boolean
  readonly rounds: number
  readonly machine: Machine
  readonly versions: Versions
  readonly cpu?: readonly CpuRow[]
  readonly memory?: readonly MemoryRow[]
  readonly collections?: readonly CollectionsRow[]
  readonly stalls?: readonly StallRow[]
  readonly startup?: readonly StartupRow[]
  readonly direct?: readonly DirectRow[]
}

type Cell = string | number

export function markdown(results: Results): string {
  const { cpu, memory, collections, stalls, startup, direct } = results
  const parts = [
    head(results),
    cpu === undefined ? '' : cpuPart(cpu),
    memory === undefined ? '' : memoryPart(memory),
    collections === undefined ? '' : collectionsPart(collections),
    stalls === undefined ? '' : stallsPart(stalls),
    startup === undefined ? '' : startupPart(startup),
    direct === undefined ? '' : directPart(direct),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function head({ date, isQuick, rounds, machine, versions }: Results): string {
  const { cpu, cores, memoryGB, system } = machine
  const { spinel, node, redis, benchmark } = versions
  return `# Spinel ${spinel} beside Redis ${redis}, ${date}

- Machine: ${cpu}, ${cores} cores, ${memoryGB} GB, ${system}
- Spinel ${spinel} on Node ${node}; redis-server ${redis}; load: redis-benchmark ${benchmark}, 50 connections
- ${isQuick ? 'A quick run: few keys, few requests. These figures say little.' : `Medians of ${rounds} rounds.`}

How it is measured: [docs/bench.md](../../docs/bench.md). A ratio below 1 means that Spinel takes less.
`
}

function cpuPart(rows: readonly CpuRow[]): string {
  const setting = ({ test, pipeline, valueBytes }: CpuRow): Cell[] => [test, pipeline, valueBytes]
  const costs = rows.map((row): Cell[] => {
    const { spinel, redis } = row
    return [...setting(row), spinel.cpuUs.toFixed(2), redis.cpuUs.toFixed(2), (spinel.cpuUs / redis.cpuUs).toFixed(2)]
  })
  const rates = rows.map((row): Cell[] => {
    const { spinel, redis } = row
    const of = ({ requestsPerSecond, p50Ms, p99Ms, p999Ms }: CpuRow['spinel']): Cell[] => {
      return [thousands(requestsPerSecond), p50Ms.toFixed(2), p99Ms.toFixed(2), p999Ms.toFixed(2)]
    }
    return [...setting(row), ...of(spinel), ...of(redis)]
  })
  return `## CPU time of the server for a request, µs

User and system time of the whole process. MSET sets ten keys.

${table(['test', 'pipeline', 'value, bytes', 'Spinel', 'Redis', 'ratio'], costs)}

## Throughput and latency

Requests a second in thousands; latency in ms as the clients see it.

${table(['test', 'pipeline', 'value, bytes', 'Spinel', 'p50', 'p99', 'p99.9', 'Redis', 'p50', 'p99', 'p99.9'], rates)}
`
}

function memoryPart(rows: readonly MemoryRow[]): string {
  const cells = rows.map(({ server, keys, residentBytesPerKey, heapUsedBytes, heapGrowthBytes }): Cell[] => [
    server,
    millions(keys),
    residentBytesPerKey.toFixed(1),
    heapUsedBytes === undefined ? '' : megabytes(heapUsedBytes),
    heapGrowthBytes === undefined ? '' : megabytes(heapGrowthBytes),
  ])
  return `## Memory for a key of 16 bytes with a value of 16

Growth of resident memory; for Spinel also V8's heap in use after a full collection, and its growth.

${table(['server', 'keys, M', 'bytes a key', 'heap, MB', 'heap growth, MB'], cells)}
`
}

function collectionsPart(rows: readonly CollectionsRow[]): string {
  const cells = rows.map((row): Cell[] => [
    row.test,
    row.pipeline,
    row.scavengesPerMillion.toFixed(1),
    row.markSweepsPerMillion.toFixed(1),
    row.collectionMsPerMillion.toFixed(1),
  ])
  return `## Garbage collections of Spinel for a million requests

${table(['test', 'pipeline', 'scavenges', 'mark-sweeps', 'ms in all'], cells)}
`
}

function stallsPart(rows: readonly StallRow[]): string {
  const cells = rows.map(({ server, phase, keys, seconds, idle, busy, stallMs, loopDelayMaxMs, keysLeft }): Cell[] => [
    server,
    phase,
    millions(keys),
    seconds.toFixed(1),
    idle.maxMs.toFixed(1),
    busy.p999Ms.toFixed(1),
    busy.maxMs.toFixed(1),
    stallMs.toFixed(1),
    loopDelayMaxMs === undefined ? '' : loopDelayMaxMs.toFixed(1),
    keysLeft === undefined ? '' : millions(keysLeft),
  ])
  const columns = ['server', 'while', 'keys, M', 's', 'idle max', 'p99.9', 'max', 'stall', 'inside', 'keys left, M']
  return `## The longest stall, ms

How long a PING waited: at most on the idle server, at the 99.9th percentile and at most on the busy one; the stall is the
difference of the two maxima. Inside: how late a timer ran in the server at most.

${table(columns, cells)}
`
}

function startupPart(rows: readonly StartupRow[]): string {
  const cells = rows.map(({ server, medianMs, leastMs }): Cell[] => [server, medianMs.toFixed(0), leastMs.toFixed(0)])
  return `## From the start of the process to the first PONG, ms

${table(['server', 'median', 'least'], cells)}
`
}

function directPart(rows: readonly DirectRow[]): string {
  const cells = rows.map(({ call, callsPerSecond, cpuNs }): Cell[] => {
    return [`\`${call}\``, (callsPerSecond / 1e6).toFixed(2), cpuNs.toFixed(0)]
  })
  return `## Direct calls of the embedded library, one process, keys and values of 16 bytes

${table(['call', 'M calls/s', 'CPU ns a call'], cells)}
`
}

/** The first column to the left, figures to the right. */
function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map(String))
  const widths = columns.map((column, i) => Math.max(3, column.length, ...texts.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(columns), line(rule), ...texts.map(line)].join('\n')
}

function thousands(value: number): string {
  return (value / 1000).toFixed(1)
}

function millions(value: number): string {
  return String(Math.round(value / 1e4) / 100)
}

function megabytes(value: number): string {
  return (value / 2 ** 20).toFixed(1)
}
