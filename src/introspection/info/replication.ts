/** INFO replication. */

import type { InfoFacts } from './facts.js'
import { type InfoRow, type InfoSection, row, supplied, suppliedOnly } from './row.js'

const NO_REPLICATION_ID = '0'.repeat(40)

/** The link to the primary; shown by a replica. */
const linkRows: readonly InfoRow[] = [
  'master_host', 'master_port', 'master_link_status', 'master_last_io_seconds_ago', 'master_sync_in_progress',
  'slave_read_repl_offset', 'slave_repl_offset',
  'master_sync_total_bytes', 'master_sync_read_bytes', 'master_sync_left_bytes', 'master_sync_perc',
  'master_sync_last_io_seconds_ago', 'master_link_down_since_seconds',
  'slave_priority', 'slave_read_only', 'replica_announced',
].map(suppliedOnly) // prettier-ignore

export const replicationSection: InfoSection = {
  name: 'replication',
  title: 'Replication',
  isDefault: true,
  rows: [
    row('role', (facts) => (facts.store.isReplica ? 'slave' : 'master')),
    ...linkRows,
    supplied('connected_slaves'),
    suppliedOnly('min_slaves_good_slaves'),
    suppliedOnly('slaves'),
    supplied('master_failover_state', 'no-failover'),
    row('master_replid', (facts) => facts.figures.find('master_replid')?.() ?? runIdOf(facts)),
    supplied('master_replid2', NO_REPLICATION_ID),
    supplied('master_repl_offset'),
    supplied('second_repl_offset', -1),
    supplied('repl_backlog_active'),
    row('repl_backlog_size', (facts) => facts.values['repl-backlog-size']),
    supplied('repl_backlog_first_byte_offset'),
    supplied('repl_backlog_histlen'),
  ],
}

/** Before anything has been replicated, any unique id will do. */
function runIdOf(facts: InfoFacts): string {
  return facts.control?.runId ?? NO_REPLICATION_ID
}
