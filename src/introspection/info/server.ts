/** INFO server. */

import type { ListenerFacts } from '../../engine/server-control.js'
import { lruClock } from '../../keyspace/access-clock.js'
import { effectiveHz } from '../hertz.js'
import { REFERENCE_VERSION, SPINEL_VERSION } from '../version.js'
import type { InfoFacts } from './facts.js'
import { type InfoSection, row, rowWhen } from './row.js'

const SECONDS_A_DAY = 86400

export const serverSection: InfoSection = {
  name: 'server',
  title: 'Server',
  isDefault: true,
  rows: [
    row('redis_version', () => REFERENCE_VERSION),
    row('redis_git_sha1', () => '00000000'),
    row('redis_git_dirty', () => 0),
    row('redis_build_id', () => '0'),
    row('redis_mode', (facts) => modeOf(facts)),
    row('os', (facts) => facts.host.operatingSystem),
    row('arch_bits', (facts) => facts.host.pointerBits),
    row('monotonic_clock', (facts) => facts.host.runtime),
    row('multiplexing_api', () => 'libuv'),
    row('atomicvar_api', () => 'none'),
    row('gcc_version', () => '0.0.0'),
    row('process_id', (facts) => facts.host.processId),
    row('process_supervised', (facts) => facts.control?.supervisor ?? 'no'),
    row('run_id', (facts) => facts.control?.runId ?? ''),
    row('tcp_port', (facts) => facts.values.port || facts.values['tls-port']),
    row('server_time_usec', (facts) => facts.nowMs * 1000),
    row('uptime_in_seconds', uptimeSeconds),
    row('uptime_in_days', (facts) => Math.floor(uptimeSeconds(facts) / SECONDS_A_DAY)),
    row('hz', (facts) => effectiveHz(facts.store)),
    row('configured_hz', (facts) => facts.values.hz),
    row('lru_clock', (facts) => lruClock(facts.nowMs)),
    row('executable', (facts) => facts.host.executable),
    row('config_file', (facts) => facts.store.config.configFile ?? ''),
    row('io_threads_active', () => 0),
    rowWhen(
      (facts) => (facts.control?.shutdownDeadlineMs ?? 0) !== 0,
      'shutdown_in_milliseconds',
      (facts) => facts.control!.shutdownDeadlineMs - facts.nowMs,
    ),
    row('spinel_version', () => SPINEL_VERSION),
  ],
  lines: (facts) => (facts.control?.listeners ?? []).map(listenerLine),
}

export function modeOf(facts: InfoFacts): string {
  if (facts.values['cluster-enabled']) return 'cluster'
  return facts.store.config.isSentinel ? 'sentinel' : 'standalone'
}

function uptimeSeconds(facts: InfoFacts): number {
  return Math.max(0, Math.floor((facts.nowMs - facts.store.startedMs) / 1000))
}

function listenerLine({ name, addresses, port }: ListenerFacts, index: number): string {
  const binds = addresses.map((address) => `,bind=${address}`).join('')
  return `listener${index}:name=${name}${binds}${port === 0 ? '' : `,port=${port}`}`
}
