/** INFO commandstats, latencystats and errorstats: lines by command and by error code. */

import { formatFixed } from '../../base/double.js'
import type { CommandSpec } from '../../engine/command.js'
import { CommandCounter } from '../../engine/registry.js'
import { infoName, ratio } from '../human.js'
import type { InfoFacts } from './facts.js'
import type { InfoSection } from './row.js'

export const commandStatsSection: InfoSection = {
  name: 'commandstats',
  title: 'Commandstats',
  isDefault: false,
  rows: [],
  lines: (facts) => facts.store.registry.commands.flatMap((command) => statisticsLine(facts, command)),
}

export const errorStatsSection: InfoSection = {
  name: 'errorstats',
  title: 'Errorstats',
  isDefault: true,
  rows: [],
  lines: (facts) => {
    const counts = [...facts.store.executor.errorCounts].sort(([a], [b]) => (a < b ? -1 : 1))
    return counts.map(([code, count]) => `errorstat_${infoName(code)}:count=${count}`)
  },
}

export const latencyStatsSection: InfoSection = {
  name: 'latencystats',
  title: 'Latencystats',
  isDefault: false,
  rows: [],
  lines: (facts) => {
    if (!facts.values['latency-tracking']) return []
    return facts.store.registry.commands.flatMap((command) => latencyLine(facts, command))
  },
}

function statisticsLine(facts: InfoFacts, command: CommandSpec): string[] {
  const { registry } = facts.store
  const calls = registry.counter(command, CommandCounter.calls)
  const rejected = registry.counter(command, CommandCounter.rejected)
  const failed = registry.counter(command, CommandCounter.failed)
  if (calls === 0 && rejected === 0 && failed === 0) return []
  const microseconds = Math.round(registry.counter(command, CommandCounter.microseconds))
  const counts = `calls=${calls},usec=${microseconds},usec_per_call=${ratio(microseconds, calls)}`
  return [`cmdstat_${infoName(command.fullName)}:${counts},rejected_calls=${rejected},failed_calls=${failed}`]
}

function latencyLine(facts: InfoFacts, command: CommandSpec): string[] {
  const histogram = facts.store.registry.histogramOf(command)
  if (histogram === undefined || histogram.total === 0) return []
  const percentiles = facts.values['latency-tracking-info-percentiles']
  const shown = percentiles.map((percentile) => {
    const microseconds = histogram.valueAtPercentile(percentile) / 1000
    return `p${shortNumber(percentile)}=${microseconds.toFixed(3)}`
  })
  return [`latency_percentiles_usec_${infoName(command.fullName)}:${shown.join(',')}`]
}

/** Up to six places, without zeros at the end. */
function shortNumber(value: number): string {
  return formatFixed(value, 6).replace(/\.?0+$/, '')
}
