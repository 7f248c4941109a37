/** INFO clients. */

import { type Client, Gate } from '../../engine/client.js'
import type { InfoFacts } from './facts.js'
import { type InfoSection, row, supplied } from './row.js'

export const clientsSection: InfoSection = {
  name: 'clients',
  title: 'Clients',
  isDefault: true,
  rows: [
    row('connected_clients', (facts) => facts.store.clients.count - countGated(facts, Gate.replica)),
    supplied('cluster_connections'),
    row('maxclients', (facts) => facts.values.maxclients),
    row('client_recent_max_input_buffer', (facts) => largest(facts, inputBytes)),
    row('client_recent_max_output_buffer', (facts) => largest(facts, outputBytes)),
    row('blocked_clients', (facts) => countGated(facts, Gate.blocked | Gate.postponed)),
    supplied('tracking_clients'),
    supplied('clients_in_timeout_table'),
    supplied('total_blocking_keys'),
    supplied('total_blocking_keys_on_nokey'),
  ],
}

function countGated(facts: InfoFacts, gates: number): number {
  let count = 0
  for (const client of facts.store.clients.values()) if ((client.gate & gates) !== 0) count++
  return count
}

function largest(facts: InfoFacts, measure: (client: Client) => number): number {
  let most = 0
  for (const client of facts.store.clients.values()) most = Math.max(most, measure(client))
  return most
}

function inputBytes({ port }: Client): number {
  return port.queryBytes + port.queryFreeBytes
}

function outputBytes({ reply }: Client): number {
  return reply.memoryBytes
}
