/** Gives a store what INFO needs of the past: rates, the event loop's figures, memory at the start. */

import { Stat } from '../../engine/statistics.js'
import type { Store } from '../../engine/store.js'
import { InfoFigures, infoFigures } from './figures.js'
import { LoopMeter } from './loop-meter.js'
import { RateSampler } from './rates.js'
import { Rate } from './stats.js'

export function provideInfo(store: Store): void {
  const { environment, services, statistics } = store
  const rates = new RateSampler()
  const counter = (index: number) => () => statistics[index]!
  rates.addCounter(Rate.commands, counter(Stat.commands))
  rates.addCounter(Rate.netInput, counter(Stat.netInputBytes))
  rates.addCounter(Rate.netOutput, counter(Stat.netOutputBytes))
  rates.addCounter(Rate.loopTurns, counter(Stat.loopTurns))
  rates.addRatio(Rate.loopTime, counter(Stat.loopTimeUs), counter(Stat.loopTurns))
  services.provide(infoFigures, new InfoFigures(rates, new LoopMeter(environment.host, statistics), store.usedMemory))
}
