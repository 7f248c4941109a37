/** How often background chores run: `hz`, and more often while very many clients are connected. */

import type { Store } from '../engine/store.js'

const CLIENTS_A_TICK = 200
const HZ_MAX = 500

export function effectiveHz(store: Store): number {
  const { hz, 'dynamic-hz': isDynamic } = store.config.values
  if (!isDynamic) return hz
  let effective = hz
  while (effective < HZ_MAX && store.clients.count / effective > CLIENTS_A_TICK) effective *= 2
  return Math.min(effective, Math.max(hz, HZ_MAX))
}
