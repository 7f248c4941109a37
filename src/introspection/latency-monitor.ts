/**
 * The latency monitor: for each kind of event that holds the loop up, when it last did and for how long.
 *
 * An event is noted when it takes `latency-monitor-threshold` ms or longer. A series keeps its last 160 samples, one a
 * second at most: the worst of that second.
 */

import type { Clock } from '../base/environment.js'
import type { Config } from '../config/config.js'
import type { Call } from '../engine/call.js'
import { Flag } from '../engine/command.js'
import type { CallObserver } from '../engine/executor.js'
import type { LatencyEvents } from '../engine/latency-events.js'
import { defineService } from '../engine/services.js'

export const LATENCY_SAMPLES_MAX = 160

export interface LatencySample {
  readonly timeSeconds: number
  milliseconds: number
}

export class LatencySeries {
  /** Oldest first. */
  readonly samples: LatencySample[]
  /** The worst since the series began. */
  worstMs: number

  constructor() {
    this.samples = []
    this.worstMs = 0
  }

  get latest(): LatencySample {
    return this.samples[this.samples.length - 1]!
  }

  add(timeSeconds: number, milliseconds: number): void {
    this.worstMs = Math.max(this.worstMs, milliseconds)
    const { samples } = this
    if (samples.length > 0 && this.latest.timeSeconds === timeSeconds) {
      this.latest.milliseconds = Math.max(this.latest.milliseconds, milliseconds)
      return
    }
    if (samples.length === LATENCY_SAMPLES_MAX) samples.shift()
    samples.push({ timeSeconds, milliseconds })
  }
}

export class LatencyMonitor implements CallObserver, LatencyEvents {
  /** By name of the event. */
  readonly series: Map<string, LatencySeries>
  /** 0: nothing is noted. */
  thresholdMs: number
  private readonly clock: Clock

  constructor(config: Config, clock: Clock) {
    this.series = new Map()
    this.thresholdMs = config.values['latency-monitor-threshold']
    this.clock = clock
  }

  get thresholdUs(): number {
    return this.thresholdMs === 0 ? Infinity : this.thresholdMs * 1000
  }

  observe(call: Call, durationUs: number): void {
    this.note((call.command.flags & Flag.fast) !== 0 ? 'fast-command' : 'command', durationUs / 1000)
  }

  note(event: string, milliseconds: number): void {
    const whole = Math.floor(milliseconds)
    if (this.thresholdMs === 0 || whole < this.thresholdMs) return
    let series = this.series.get(event)
    if (series === undefined) {
      series = new LatencySeries()
      this.series.set(event, series)
    }
    series.add(this.nowSeconds(), whole)
  }

  /** Forgets the series of an event, named in any case, or all. Returns how many it were. */
  reset(event?: string): number {
    let count = 0
    for (const name of this.series.keys()) {
      if (event !== undefined && name.toLowerCase() !== event.toLowerCase()) continue
      this.series.delete(name)
      count++
    }
    return count
  }

  nowSeconds(): number {
    return Math.floor(this.clock.nowMs() / 1000)
  }
}

export const latencyMonitor = defineService<LatencyMonitor>('latency monitor')
