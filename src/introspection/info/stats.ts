/** INFO stats. */

import { Stat } from '../../engine/statistics.js'
import { KeyspaceStat } from '../../keyspace/statistics.js'
import { type InfoRow, type InfoSection, row, supplied } from './row.js'

/** Names under which `RateSampler` knows the rates. */
export const Rate = {
  commands: 'commands',
  netInput: 'net input',
  netOutput: 'net output',
  loopTurns: 'loop turns',
  loopTime: 'loop time',
} as const

const counted = (name: string, index: number): InfoRow => row(name, (facts) => facts.statistic(index))
const whole = (name: string, index: number): InfoRow => row(name, (facts) => Math.floor(facts.statistic(index)))
const countedKeys = (name: string, index: number): InfoRow => row(name, (facts) => facts.keyspaceStatistic(index))
const kilobytes = (name: string, rate: string): InfoRow =>
  row(name, (facts) => (facts.figures.rates.rate(rate) / 1024).toFixed(2))

export const statsSection: InfoSection = {
  name: 'stats',
  title: 'Stats',
  isDefault: true,
  rows: [
    counted('total_connections_received', Stat.connections),
    counted('total_commands_processed', Stat.commands),
    row('instantaneous_ops_per_sec', (facts) => facts.figures.rates.rate(Rate.commands)),
    counted('total_net_input_bytes', Stat.netInputBytes),
    counted('total_net_output_bytes', Stat.netOutputBytes),
    supplied('total_net_repl_input_bytes'),
    supplied('total_net_repl_output_bytes'),
    kilobytes('instantaneous_input_kbps', Rate.netInput),
    kilobytes('instantaneous_output_kbps', Rate.netOutput),
    supplied('instantaneous_input_repl_kbps', '0.00'),
    supplied('instantaneous_output_repl_kbps', '0.00'),
    counted('rejected_connections', Stat.rejectedConnections),
    supplied('sync_full'),
    supplied('sync_partial_ok'),
    supplied('sync_partial_err'),
    countedKeys('expired_keys', KeyspaceStat.expired),
    countedKeys('expired_subkeys', KeyspaceStat.expiredFields),
    row('expired_stale_perc', (facts) => facts.keyspaceStatistic(KeyspaceStat.expiredStalePercent).toFixed(2)),
    countedKeys('expired_time_cap_reached_count', KeyspaceStat.expiredTimeCapReached),
    row('expire_cycle_cpu_milliseconds', (facts) => Math.floor(facts.keyspaceStatistic(KeyspaceStat.expireCycleCpuMs))),
    supplied('evicted_keys'),
    counted('evicted_clients', Stat.evictedClients),
    supplied('total_eviction_exceeded_time'),
    supplied('current_eviction_exceeded_time'),
    countedKeys('keyspace_hits', KeyspaceStat.hits),
    countedKeys('keyspace_misses', KeyspaceStat.misses),
    supplied('pubsub_channels'),
    supplied('pubsub_patterns'),
    supplied('pubsubshard_channels'),
    supplied('latest_fork_usec'),
    supplied('total_forks'),
    supplied('migrate_cached_sockets'),
    supplied('slave_expires_tracked_keys'),
    supplied('active_defrag_hits'),
    supplied('active_defrag_misses'),
    supplied('active_defrag_key_hits'),
    supplied('active_defrag_key_misses'),
    supplied('total_active_defrag_time'),
    supplied('current_active_defrag_time'),
    supplied('tracking_total_keys'),
    supplied('tracking_total_items'),
    supplied('tracking_total_prefixes'),
    counted('unexpected_error_replies', Stat.unexpectedErrorReplies),
    counted('total_error_replies', Stat.errorReplies),
    supplied('dump_payload_sanitizations'),
    counted('total_reads_processed', Stat.readEvents),
    counted('total_writes_processed', Stat.writeEvents),
    supplied('io_threaded_reads_processed'),
    supplied('io_threaded_writes_processed'),
    supplied('reply_buffer_shrinks'),
    supplied('reply_buffer_expands'),
    counted('eventloop_cycles', Stat.loopTurns),
    whole('eventloop_duration_sum', Stat.loopTimeUs),
    whole('eventloop_duration_cmd_sum', Stat.commandTimeUs),
    row('instantaneous_eventloop_cycles_per_sec', (facts) => facts.figures.rates.rate(Rate.loopTurns)),
    row('instantaneous_eventloop_duration_usec', (facts) => facts.figures.rates.rate(Rate.loopTime)),
    counted('acl_access_denied_auth', Stat.aclDeniedAuth),
    supplied('acl_access_denied_cmd'),
    supplied('acl_access_denied_key'),
    supplied('acl_access_denied_channel'),
  ],
}
