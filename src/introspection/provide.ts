/** Hangs what watches a store's commands off it: slow log, latency monitor, MONITOR. */

import { latencyEvents } from '../engine/latency-events.js'
import type { Store } from '../engine/store.js'
import { LatencyMonitor, latencyMonitor } from './latency-monitor.js'
import { Monitors, monitors } from './monitor.js'
import { Slowlog, slowlogService } from './slowlog.js'

export function provideIntrospection(store: Store): void {
  const { config, environment, executor, services } = store
  const slowlog = services.provide(slowlogService, new Slowlog(config))
  const latency = services.provide(latencyMonitor, new LatencyMonitor(config, environment.clock))
  services.provide(latencyEvents, latency)
  services.provide(monitors, new Monitors(executor, environment.clock))
  executor.observers.push(slowlog, latency)
  executor.updateThreshold()
  config.onChange(['slowlog-log-slower-than', 'slowlog-max-len', 'latency-monitor-threshold'], (values) => {
    slowlog.configure(values['slowlog-log-slower-than'], values['slowlog-max-len'])
    latency.thresholdMs = values['latency-monitor-threshold']
    executor.updateThreshold()
    return undefined
  })
}
