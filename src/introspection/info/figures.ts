/**
 * Figures for INFO from parts that introspection does not know (pub/sub, persistence, replication, …). The composition root
 * supplies them by the name of the row; a row nobody supplies shows its idle value.
 */

import { defineService } from '../../engine/services.js'
import type { LoopMeter } from './loop-meter.js'
import type { RateSampler } from './rates.js'

/** Undefined: nothing to show at present. */
export type Figure = () => number | string | undefined

/** Time between two samples: a tenth of a second, less what timers are early. */
const SAMPLE_US = 95_000

export class InfoFigures {
  readonly rates: RateSampler
  readonly loop: LoopMeter
  /** Memory in use when the store was opened. */
  readonly startupBytes: number
  private readonly figures: Map<string, Figure>
  private sampledUs: number

  constructor(rates: RateSampler, loop: LoopMeter, startupBytes: number) {
    this.rates = rates
    this.loop = loop
    this.startupBytes = startupBytes
    this.sampledUs = -Infinity
    this.figures = new Map()
  }

  /** Takes a sample of the rates, unless the last one is fresh. */
  sample(monotonicUs: number): void {
    if (monotonicUs - this.sampledUs < SAMPLE_US) return
    this.sampledUs = monotonicUs
    this.loop.update()
    this.rates.sample(monotonicUs)
  }

  supply(name: string, figure: Figure): void {
    this.figures.set(name, figure)
  }

  find(name: string): Figure | undefined {
    return this.figures.get(name)
  }
}

export const infoFigures = defineService<InfoFigures>('info figures')
