/** What the server remembers about its own work. */

import { integer } from '../number-types.js'
import { LONG_MAX } from '../number-text.js'
import { parameter } from '../parameter.js'
import { bool } from '../simple-types.js'
import { percentiles } from '../special-types.js'

export const introspection = {
  'slowlog-log-slower-than': parameter(integer(-1, LONG_MAX), 10000, {
    unit: 'microseconds',
    since: '2.2.12',
    generation: 'now',
    doc: 'Commands that run longer than this enter the slow log; 0 records every command, -1 none.',
  }),
  'slowlog-max-len': parameter(integer(0, LONG_MAX), 128, {
    unit: 'entries',
    since: '2.2.12',
    generation: 'now',
    doc: 'How many entries the slow log keeps; the oldest make room.',
  }),
  'latency-monitor-threshold': parameter(integer(0, LONG_MAX), 0, {
    unit: 'milliseconds',
    since: '2.8.13',
    generation: 'now',
    doc: 'Events that take at least this long are recorded for LATENCY; 0 records none.',
  }),
  'latency-tracking': parameter(bool, true, {
    since: '7.0.0',
    generation: 'now',
    doc: 'Keep a histogram of run times for each command, shown by LATENCY HISTOGRAM and INFO latencystats.',
  }),
  'latency-tracking-info-percentiles': parameter(percentiles, [50, 99, 99.9], {
    unit: 'percent',
    since: '7.0.0',
    generation: 'now',
    doc: 'Which percentiles of those histograms INFO shows.',
  }),
}
