/** What the rows of INFO are computed from. */

import type { Host } from '../../base/environment.js'
import type { ConfigValues } from '../../config/parameters.js'
import { type ServerControl, serverControl } from '../../engine/server-control.js'
import type { Store } from '../../engine/store.js'
import { type MemoryOverview, measureMemory } from '../memory.js'
import type { InfoFigures } from './figures.js'

export class InfoFacts {
  readonly store: Store
  readonly values: ConfigValues
  readonly host: Host
  readonly figures: InfoFigures
  readonly nowMs: number
  /** Undefined in an embedded store. */
  readonly control: ServerControl | undefined
  private measured: MemoryOverview | undefined

  constructor(store: Store, figures: InfoFigures) {
    this.store = store
    this.values = store.config.values
    this.host = store.environment.host
    this.figures = figures
    this.nowMs = store.environment.clock.nowMs()
    this.control = store.services.has(serverControl) ? store.services.get(serverControl) : undefined
    this.measured = undefined
    figures.loop.update()
  }

  /** Measured once a report, when a row asks for it. */
  get memory(): MemoryOverview {
    this.measured ??= measureMemory(this.store)
    return this.measured
  }

  statistic(index: number): number {
    return this.store.statistics[index]!
  }

  keyspaceStatistic(index: number): number {
    return this.store.keyspace.statistics[index]!
  }
}
