/**
 * LATENCY DOCTOR: what the latency monitor has seen, in words, and what might help. Which event leads to which advice
 * follows Redis; the words are our own, and so is advice where this server works otherwise (it does not fork).
 */

import { formatFixed } from '../base/double.js'
import type { ConfigValues } from '../config/parameters.js'
import type { LatencyMonitor, LatencySeries } from './latency-monitor.js'

interface Advice {
  /** Events that call for it. */
  readonly events: readonly string[]
  readonly applies?: (values: ConfigValues) => boolean
  readonly text: (values: ConfigValues) => string
}

const DISK_EVENTS = ['aof-write-pending-fsync', 'aof-write-alone', 'aof-rewrite-diff-write', 'aof-rename']

/** In the order they are given. */
const ADVICE: readonly Advice[] = [
  {
    events: ['command'],
    applies: (values) => values['slowlog-log-slower-than'] < 0,
    text: (values) =>
      `The slow log is off, so it cannot tell which commands were slow. Turn it on with ` +
      `'CONFIG SET slowlog-log-slower-than ${values['latency-monitor-threshold'] * 1000}'.`,
  },
  {
    events: ['command'],
    applies: (values) => Math.floor(values['slowlog-log-slower-than'] / 1000) > values['latency-monitor-threshold'],
    text: (values) =>
      `The slow log leaves out commands that are slow enough to be noticed here. Lower its threshold with ` +
      `'CONFIG SET slowlog-log-slower-than ${values['latency-monitor-threshold'] * 1000}'.`,
  },
  {
    events: ['command'],
    text: () =>
      `SLOWLOG GET shows which commands took long. Commands whose cost grows with the data are the usual cause.`,
  },
  {
    events: ['fast-command'],
    text: () =>
      `Commands took long that hardly do any work: the process does not get the processor when it needs it. Look for other ` +
      `load on this machine, or on its host if it is a virtual one; 'redis-cli --intrinsic-latency 100' measures that.`,
  },
  {
    events: [...DISK_EVENTS, 'aof-fstat', 'rdb-unlink-temp-file'],
    text: () => `Keep the files of the data set on a disk of this machine; those across a network add their delays.`,
  },
  {
    events: [...DISK_EVENTS, 'aof-write-active-child'],
    text: () => `A solid-state disk shortens the time that writing and syncing take.`,
  },
  {
    events: ['aof-write-pending-fsync', 'aof-fstat', 'rdb-unlink-temp-file'],
    text: () =>
      `Other programs may keep the disk busy, other servers of this kind among them: give this one a disk of its own.`,
  },
  {
    events: ['aof-write-active-child'],
    text: () =>
      `If losing some writes in a crash is tolerable, 'no-appendfsync-on-rewrite' avoids syncing while a file is rewritten.`,
  },
  {
    events: ['aof-fsync-always'],
    applies: (values) => values.appendfsync === 'always',
    text: () => `'appendfsync always' waits for the disk with every write; 'everysec' does not.`,
  },
  {
    events: ['aof-rewrite-diff-write', 'aof-rename'],
    text: () =>
      `Many writes arrive while the append-only file is rewritten. Sending fewer, larger commands lightens that.`,
  },
  {
    events: ['expire-cycle'],
    applies: (values) => values.hz < 100,
    text: () => `Many keys expire at once. With 'CONFIG SET hz 100' they are removed in smaller portions.`,
  },
  {
    events: ['command', 'expire-cycle', 'eviction-del'],
    text: () => `Deleting a large value takes time. UNLINK and the 'lazyfree-…' parameters free it in the background.`,
  },
  {
    events: ['eviction-cycle'],
    text: () =>
      `Much had to be evicted at once, after 'maxmemory' was lowered or because large values arrived suddenly.`,
  },
]

export function latencyReport(monitor: LatencyMonitor, values: ConfigValues): string {
  const { series } = monitor
  if (series.size === 0) {
    if (values['latency-monitor-threshold'] === 0) {
      return (
        `The latency monitor is off. 'CONFIG SET latency-monitor-threshold <milliseconds>' turns it on; it then notes what ` +
        `holds the server up for that long or longer.\n`
      )
    }
    return `No latency spikes so far: nothing held the server up for ${values['latency-monitor-threshold']} ms or longer.\n`
  }
  const lines = ['Latency spikes have been noticed:', '']
  let number = 0
  for (const [event, one] of series) lines.push(describe(++number, event, one, monitor.nowSeconds()))
  const advice = ADVICE.filter(({ events, applies }) => {
    return events.some((event) => series.has(event)) && (applies === undefined || applies(values))
  })
  lines.push('')
  if (advice.length === 0) lines.push('None of them has a common cause that could be named here.')
  else lines.push('What may help:', '', ...advice.map(({ text }) => `- ${text(values)}`))
  return lines.map((line) => `${line}\n`).join('')
}

function describe(number: number, event: string, { samples, worstMs }: LatencySeries, nowSeconds: number): string {
  const count = samples.length
  const average = Math.floor(samples.reduce((sum, sample) => sum + sample.milliseconds, 0) / count)
  const distances = samples.reduce((sum, sample) => sum + Math.abs(average - sample.milliseconds), 0)
  const seconds = Math.max(1, nowSeconds - samples[0]!.timeSeconds)
  return (
    `${number}. ${event}: ${count} latency spikes (average ${average}ms, mean deviation ${Math.floor(distances / count)}ms, ` +
    `period ${formatFixed(seconds / count, 2)} sec). Worst all time event ${worstMs}ms.`
  )
}
