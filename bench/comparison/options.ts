/** What `npm run bench` is asked to do. */

import { parseArgs } from 'node:util'

export const SUITES = ['cpu', 'memory', 'collections', 'stalls', 'startup', 'direct'] as const
export type SuiteName = (typeof SUITES)[number]

export interface Options {
  /** Small figures in little time: to see that all works, and roughly where one stands. */
  readonly isQuick: boolean
  readonly suites: ReadonlySet<SuiteName>
  /** Rounds of each CPU figure; the median counts. */
  readonly rounds: number
  /** First port to use; 0 for any that is free. */
  readonly port: number
  readonly redisServer: string
  readonly redisBenchmark: string
  /** Folder for the results. */
  readonly out: string
}

export const USAGE = `Usage: npm run bench -- [options]
  --quick                 few keys, few requests, one round
  --only a,b              of: ${SUITES.join(', ')}
  --rounds N              rounds of the cpu suite (3; 1 with --quick)
  --port N                first of the ports that the servers get (any that are free)
  --redis-server PATH     the server to compare with (redis-server)
  --redis-benchmark PATH  the load (redis-benchmark)
  --out FOLDER            where the results go (bench/results)
`

/** @throws TypeError with a reason for the user */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      port: { type: 'string', default: '0' },
      'redis-server': { type: 'string', default: 'redis-server' },
      'redis-benchmark': { type: 'string', default: 'redis-benchmark' },
      out: { type: 'string', default: 'bench/results' },
    },
  })
  return {
    isQuick: values.quick,
    suites: new Set(values.only === undefined ? SUITES : values.only.split(',').map(suiteName)),
    rounds: positive('--rounds', values.rounds ?? (values.quick ? '1' : '3')),
    port: Number(values.port),
    redisServer: values['redis-server'],
    redisBenchmark: values['redis-benchmark'],
    out: values.out,
  }
}

function suiteName(name: string): SuiteName {
  const suite = SUITES.find((known) => known === name)
  if (suite === undefined) throw new TypeError(`there is no suite '${name}'; known: ${SUITES.join(', ')}`)
  return suite
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${option} takes a whole number above 0`)
  return value
}
