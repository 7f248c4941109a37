/**
 * Where parts of a store report what held the loop up: commands, expiry, eviction, files. LATENCY and the latency
 * monitor behind it (introspection) are one such place; a store without one has nobody to tell.
 */

import { defineService } from './services.js'

export interface LatencyEvents {
  /** Notes an event that took so many ms, if that is worth noting (latency-monitor-threshold). */
  note(event: string, milliseconds: number): void
}

export const latencyEvents = defineService<LatencyEvents>('latency events')
