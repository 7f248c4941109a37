/** Brings the event loop's own figures, which grow from the start of the process, into counters that can be reset. */

import type { Host } from '../../base/environment.js'
import { Stat } from '../../engine/statistics.js'

export class LoopMeter {
  private readonly host: Host
  private readonly statistics: Float64Array
  private turns: number
  private activeUs: number
  private commands: number

  constructor(host: Host, statistics: Float64Array) {
    this.host = host
    this.statistics = statistics
    const figures = host.eventLoop?.()
    this.turns = figures?.turns ?? 0
    this.activeUs = figures?.activeUs ?? 0
    this.commands = 0
  }

  /** Call it now and then: the peaks are those of the means between two calls. */
  update(): void {
    const figures = this.host.eventLoop?.()
    if (figures === undefined) return
    const { statistics } = this
    const turns = figures.turns - this.turns
    const activeUs = figures.activeUs - this.activeUs
    const commands = Math.max(0, statistics[Stat.commands]! - this.commands)
    statistics[Stat.loopTurns]! += turns
    statistics[Stat.loopTimeUs]! += activeUs
    this.turns = figures.turns
    this.activeUs = figures.activeUs
    this.commands = statistics[Stat.commands]!
    if (turns > 0) {
      this.raise(Stat.loopTurnUsMax, activeUs / turns)
      this.raise(Stat.commandsPerTurnMax, commands / turns)
    }
  }

  private raise(index: number, value: number): void {
    if (value > this.statistics[index]!) this.statistics[index] = value
  }
}
