/**
 * What a command costs: the server's CPU time, throughput and latency, under the same load, the two servers in turn.
 *
 * CPU time counts, user and system, of the whole process with all its threads, from right before to right after a run of
 * redis-benchmark. It depends little on what else the machine does, which throughput and latency do.
 */

import { load } from './loader.js'
import type { Options } from './options.js'
import { type LoadFigures, runLoad } from './redis-benchmark.js'
import { type RunningServer, type ServerName, type Servers, SERVERS } from './servers.js'
import { median, say } from './statistics.js'

const TESTS = ['ping_mbulk', 'set', 'get', 'incr', 'mset'] as const
const PIPELINES = [1, 16, 64] as const
const VALUE_BYTES = [16, 1024] as const
const KEYS = 1_000_000
const KEYS_QUICK = 100_000

/** About two seconds a run; an MSET sets ten keys. */
const REQUESTS: Readonly<Record<number, number>> = { 1: 150_000, 16: 1_200_000, 64: 2_400_000 }
const QUICK_SHARE = 0.1
const MSET_SHARE = 0.2
const LARGE_VALUE_SHARE = 0.4
/** Random increments for each counter: 98 of 100 exist after so many. */
const COUNTER_PASSES = 4
/** Before each row, uncounted: code is compiled, caches are warm, buffers have their size. */
const WARM_UP_SHARE = 0.15

export interface CpuFigures extends LoadFigures {
  /** Microseconds of user and system time for a request. */
  readonly cpuUs: number
  readonly userUs: number
  readonly systemUs: number
}

export interface CpuRow {
  readonly test: string
  readonly pipeline: number
  readonly valueBytes: number
  readonly requests: number
  /** Medians over the rounds. */
  readonly spinel: CpuFigures
  readonly redis: CpuFigures
}

interface Setting {
  readonly test: string
  readonly pipeline: number
  readonly valueBytes: number
}

export async function measureCpu(servers: Servers, options: Options): Promise<CpuRow[]> {
  const keys = options.isQuick ? KEYS_QUICK : KEYS
  const rows: CpuRow[] = []
  for (const valueBytes of options.isQuick ? VALUE_BYTES.slice(0, 1) : VALUE_BYTES) {
    const running = await startBoth(servers)
    for (const server of running.values()) {
      say(`cpu: filling ${server.name} with ${keys} values of ${valueBytes} bytes`)
      await load({ port: server.port, from: 0, to: keys, valueBytes })
      if (valueBytes === VALUE_BYTES[0]) await fillCounters(server, keys, options)
    }
    for (const pipeline of options.isQuick ? PIPELINES.slice(0, 2) : PIPELINES) {
      for (const test of TESTS) {
        if (test === 'ping_mbulk' && valueBytes !== VALUE_BYTES[0]) continue // it carries no value
        if (test === 'incr' && valueBytes !== VALUE_BYTES[0]) continue
        rows.push(await measureRow({ test, pipeline, valueBytes }, running, keys, options))
      }
    }
    for (const server of running.values()) await server.stop()
  }
  return rows
}

/** redis-benchmark counts on keys of its own: they are made before, so that INCR is measured on counters that exist, as GET is. */
async function fillCounters(server: RunningServer, keys: number, options: Options): Promise<void> {
  const requests = keys * COUNTER_PASSES
  await runLoad({
    program: options.redisBenchmark,
    port: server.port,
    test: 'incr',
    requests,
    pipeline: 64,
    valueBytes: 16,
    keys,
  })
}

async function startBoth(servers: Servers): Promise<Map<ServerName, RunningServer>> {
  const running = new Map<ServerName, RunningServer>()
  for (const name of SERVERS) running.set(name, await servers.start(name))
  return running
}

async function measureRow(
  setting: Setting,
  running: ReadonlyMap<ServerName, RunningServer>,
  keys: number,
  options: Options,
): Promise<CpuRow> {
  const requests = requestsFor(setting, options.isQuick)
  const warmUps = Math.round(requests * WARM_UP_SHARE)
  for (const server of running.values()) await measureRun(server, setting, warmUps, keys, options)
  const rounds: Record<ServerName, CpuFigures[]> = { spinel: [], redis: [] }
  for (let round = 0; round < options.rounds; round++) {
    // Each goes first in turn, lest one always find the machine warmer.
    for (const name of round % 2 === 0 ? SERVERS : SERVERS.toReversed()) {
      rounds[name].push(await measureRun(running.get(name)!, setting, requests, keys, options))
    }
  }
  const row = { ...setting, requests, spinel: medians(rounds.spinel), redis: medians(rounds.redis) }
  const { test, pipeline, valueBytes, spinel, redis } = row
  say(`cpu: ${test} P=${pipeline} d=${valueBytes}: ${spinel.cpuUs.toFixed(2)} µs, redis ${redis.cpuUs.toFixed(2)} µs`)
  return row
}

async function measureRun(
  server: RunningServer,
  { test, pipeline, valueBytes }: Setting,
  requests: number,
  keys: number,
  options: Options,
): Promise<CpuFigures> {
  const before = server.cpu()
  const load = { program: options.redisBenchmark, port: server.port, test, requests, pipeline, valueBytes, keys }
  const figures = await runLoad(load)
  const after = server.cpu()
  const userUs = ((after.user - before.user) * 1e6) / requests
  const systemUs = ((after.system - before.system) * 1e6) / requests
  return { ...figures, cpuUs: userUs + systemUs, userUs, systemUs }
}

function requestsFor({ test, pipeline, valueBytes }: Setting, isQuick: boolean): number {
  let requests = REQUESTS[pipeline]!
  if (isQuick) requests *= QUICK_SHARE
  if (test === 'mset') requests *= MSET_SHARE
  if (valueBytes > 100) requests *= LARGE_VALUE_SHARE
  return Math.round(requests)
}

function medians(rounds: readonly CpuFigures[]): CpuFigures {
  const of = (name: keyof CpuFigures): number => median(rounds.map((round) => round[name]))
  return {
    requestsPerSecond: of('requestsPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    p999Ms: of('p999Ms'),
    cpuUs: of('cpuUs'),
    userUs: of('userUs'),
    systemUs: of('systemUs'),
  }
}
