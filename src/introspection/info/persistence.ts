/** INFO persistence. */

import { State } from '../../engine/command.js'
import type { InfoFacts } from './facts.js'
import { type InfoSection, row, supplied, suppliedOnly } from './row.js'

const isLoading = (facts: InfoFacts): number => ((facts.store.state & State.loading) !== 0 ? 1 : 0)

export const persistenceSection: InfoSection = {
  name: 'persistence',
  title: 'Persistence',
  isDefault: true,
  rows: [
    row('loading', isLoading),
    supplied('async_loading'),
    supplied('current_cow_peak'),
    supplied('current_cow_size'),
    supplied('current_cow_size_age'),
    supplied('current_fork_perc', '0.00'),
    supplied('current_save_keys_processed'),
    supplied('current_save_keys_total'),
    row('rdb_changes_since_last_save', (facts) => facts.store.dirty),
    supplied('rdb_bgsave_in_progress'),
    row('rdb_last_save_time', (facts) => facts.figures.find('rdb_last_save_time')?.() ?? startSeconds(facts)),
    supplied('rdb_last_bgsave_status', 'ok'),
    supplied('rdb_last_bgsave_time_sec', -1),
    supplied('rdb_current_bgsave_time_sec', -1),
    supplied('rdb_saves'),
    supplied('rdb_last_cow_size'),
    supplied('rdb_last_load_keys_expired'),
    supplied('rdb_last_load_keys_loaded'),
    supplied('aof_enabled'),
    supplied('aof_rewrite_in_progress'),
    supplied('aof_rewrite_scheduled'),
    supplied('aof_last_rewrite_time_sec', -1),
    supplied('aof_current_rewrite_time_sec', -1),
    supplied('aof_last_bgrewrite_status', 'ok'),
    supplied('aof_rewrites'),
    supplied('aof_rewrites_consecutive_failures'),
    supplied('aof_last_write_status', 'ok'),
    supplied('aof_last_cow_size'),
    supplied('module_fork_in_progress'),
    supplied('module_fork_last_cow_size'),
    // With the append-only file.
    suppliedOnly('aof_current_size'),
    suppliedOnly('aof_base_size'),
    suppliedOnly('aof_pending_rewrite'),
    suppliedOnly('aof_buffer_length'),
    suppliedOnly('aof_pending_bio_fsync'),
    suppliedOnly('aof_delayed_fsync'),
    // While loading.
    suppliedOnly('loading_start_time'),
    suppliedOnly('loading_total_bytes'),
    suppliedOnly('loading_rdb_used_mem'),
    suppliedOnly('loading_loaded_bytes'),
    suppliedOnly('loading_loaded_perc'),
    suppliedOnly('loading_eta_seconds'),
  ],
}

/** A store that has never been saved counts from its start. */
function startSeconds(facts: InfoFacts): number {
  return Math.floor(facts.store.startedMs / 1000)
}
