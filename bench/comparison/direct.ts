/** Calls of the embedded library, measured in a process of their own (bench/embed/calls.bench.ts). */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Options } from './options.js'
import { say } from './statistics.js'

export interface DirectRow {
  readonly call: string
  readonly callsPerSecond: number
  readonly cpuNs: number
}

export async function measureDirect({ isQuick }: Options): Promise<DirectRow[]> {
  const script = fileURLToPath(new URL('../embed/calls.bench.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json', ...(isQuick ? ['--quick'] : [])])
  const rows = JSON.parse(stdout) as DirectRow[]
  say(
    `direct: ${rows.map(({ call, callsPerSecond }) => `${call} ${(callsPerSecond / 1e6).toFixed(2)} M/s`).join(', ')}`,
  )
  return rows
}
