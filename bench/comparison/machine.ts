/** On what, and with which versions, the figures were taken. No names of hosts, no paths. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, release, totalmem, type } from 'node:os'
import { SPINEL_VERSION } from '../../src/introspection/version.js'
import type { Options } from './options.js'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly system: string
}

export interface Versions {
  readonly spinel: string
  readonly node: string
  readonly redis: string
  readonly benchmark: string
}

export function machineFacts(): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${distribution() ?? type()}, ${type()} ${release().replace(/-.*/, '')}, ${arch()}`,
  }
}

export function versionFacts({ redisServer, redisBenchmark }: Options): Versions {
  return {
    spinel: SPINEL_VERSION,
    node: process.versions.node,
    redis: versionOf(redisServer, /v=(\S+)/),
    benchmark: versionOf(redisBenchmark, /redis-benchmark (\S+)/),
  }
}

function distribution(): string | undefined {
  try {
    return readFileSync('/etc/os-release', 'utf8').match(/^PRETTY_NAME="(.*)"$/m)?.[1]
  } catch {
    return undefined
  }
}

/** @throws Error when the program cannot be run */
function versionOf(program: string, pattern: RegExp): string {
  let text: string
  try {
    text = execFileSync(program, ['--version'], { encoding: 'utf8' })
  } catch (error) {
    throw new Error(`${program} cannot be run; it comes with the packages redis-server and redis-tools`, {
      cause: error,
    })
  }
  return text.match(pattern)?.[1] ?? 'unknown'
}
