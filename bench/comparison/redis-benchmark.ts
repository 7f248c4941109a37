/** Runs redis-benchmark, and reads what it says in full: its CSV lacks the percentiles beyond the 99th. */

import { spawn } from 'node:child_process'

export interface Load {
  readonly program: string
  readonly port: number
  /** As redis-benchmark calls it: `set`, `ping_mbulk`. */
  readonly test: string
  readonly requests: number
  readonly pipeline: number
  readonly valueBytes: number
  readonly keys: number
}

export interface LoadFigures {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the percentiles that are printed, the first from 99.9 on. */
  readonly p999Ms: number
}

export async function runLoad(load: Load): Promise<LoadFigures> {
  return parse(await output(load))
}

function output({ program, port, test, requests, pipeline, valueBytes, keys }: Load): Promise<string> {
  const args = ['-h', '127.0.0.1', '-p', port, '-t', test, '-n', requests, '-P', pipeline, '-d', valueBytes, '-r', keys]
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, '--precision', 3].map(String), { stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: string[] = []
    child.stdout.setEncoding('latin1')
    child.stdout.on('data', (chunk: string) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(chunks.join(''))
      else reject(new Error(`redis-benchmark ended with ${code}: ${chunks.join('').slice(-200)}`))
    })
  })
}

export function parse(text: string): LoadFigures {
  const requestsPerSecond = Number(text.match(/throughput summary: ([\d.]+) requests per second/)?.[1])
  const summary = text
    .match(/avg +min +p50 +p95 +p99 +max\s+([\d. ]+)/)?.[1]
    ?.trim()
    .split(/ +/)
    .map(Number)
  const distribution = text.slice(text.indexOf('Latency by percentile'), text.indexOf('Cumulative distribution'))
  const percentiles = [...distribution.matchAll(/^([\d.]+)% <= ([\d.]+) milliseconds/gm)]
  const p999 = percentiles.find((match) => Number(match[1]) >= 99.9)
  if (summary?.length !== 6 || p999 === undefined || Number.isNaN(requestsPerSecond)) {
    throw new Error(`redis-benchmark said something unexpected: ${text.slice(-400)}`)
  }
  return { requestsPerSecond, p50Ms: summary[2]!, p99Ms: summary[4]!, p999Ms: Number(p999[2]) }
}
