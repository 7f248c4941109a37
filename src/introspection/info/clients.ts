/** INFO clients. */

import { type Client, ClientFlag, Gate } from '../../engine/client.js'
import type { InfoFacts } from './facts.js'
import { type InfoSection, row, supplied } from './row.js'

export const clientsSection: InfoSection = {
  name: 'clients',
  title: 'Clients',
  isDefault: true,
  rows: [
    row('connected_clients', (facts) => count(facts, ({ gate }) => (gate & Gate.replica) === 0)),
    supplied('cluster_connections'),
    row('maxclients', (facts) => facts.values.maxclients),
    row('client_recent_max_input_buffer', (facts) => largest(facts, inputBytes)),
    row('client_recent_max_output_buffer', (facts) => largest(facts, outputBytes)),
    row('blocked_clients', (facts) => count(facts, ({ gate }) => (gate & (Gate.blocked | Gate.postponed)) !== 0)),
    row('tracking_clients', (facts) => count(facts, ({ flags }) => (flags & ClientFlag.tracking) !== 0)),
    supplied('clients_in_timeout_table'),
    supplied('total_blocking_keys'),
    supplied('total_blocking_keys_on_nokey'),
  ],
}

function count(facts: InfoFacts, isCounted: (client: Client) => boolean): number {
  let found = 0
  for (const client of facts.store.clients.values()) if (isCounted(client)) found++
  return found
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
