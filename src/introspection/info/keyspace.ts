/** INFO modules, cluster, keyspace and debug. */

import { Stat } from '../../engine/statistics.js'
import { type InfoSection, row, supplied } from './row.js'

export const modulesSection: InfoSection = {
  name: 'modules',
  alias: 'module_list',
  title: 'Modules',
  isDefault: true,
  rows: [],
}

export const clusterSection: InfoSection = {
  name: 'cluster',
  title: 'Cluster',
  isDefault: true,
  rows: [row('cluster_enabled', (facts) => (facts.values['cluster-enabled'] ? 1 : 0))],
}

export const keyspaceSection: InfoSection = {
  name: 'keyspace',
  title: 'Keyspace',
  isDefault: true,
  rows: [],
  lines: (facts) =>
    facts.store.keyspace.databases
      .filter((database) => database.size !== 0)
      .map(({ index, size, volatile, averageTtlMs }) => {
        return `db${index}:keys=${size},expires=${volatile.count},avg_ttl=${Math.floor(averageTtlMs)}`
      }),
}

export const debugSection: InfoSection = {
  name: 'debug',
  title: 'Debug',
  isDefault: false,
  isHidden: true,
  rows: [
    supplied('eventloop_duration_aof_sum'),
    row('eventloop_duration_cron_sum', (facts) => Math.ceil(facts.statistic(Stat.cronTimeUs))),
    row('eventloop_duration_max', (facts) => Math.ceil(facts.statistic(Stat.loopTurnUsMax))),
    row('eventloop_cmd_per_cycle_max', (facts) => Math.ceil(facts.statistic(Stat.commandsPerTurnMax))),
  ],
}
