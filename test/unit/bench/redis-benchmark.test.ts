/** The bench reads what redis-benchmark prints, takes its options, and lays its figures out in tables. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOptions, SUITES } from '../../../bench/comparison/options.js'
import { cpuSeconds, residentBytes } from '../../../bench/comparison/process-figures.js'
import { parse } from '../../../bench/comparison/redis-benchmark.js'
import { markdown } from '../../../bench/comparison/report.js'
import { median } from '../../../bench/comparison/statistics.js'

const OUTPUT = `
SET: rps=0.0 (overall: 0.0) avg_msec=-nan (overall: -nan)\r
SET: rps=40099.6 (overall: 44588.0) avg_msec=0.834 (overall: 0.749)\r====== SET ======
  20000 requests completed in 0.33 seconds
  50 parallel clients

Latency by percentile distribution:
0.000% <= 0.079 milliseconds (cumulative count 1)
50.000% <= 0.535 milliseconds (cumulative count 10210)
99.805% <= 1.231 milliseconds (cumulative count 19961)
99.902% <= 1.423 milliseconds (cumulative count 19981)
100.000% <= 1.663 milliseconds (cumulative count 20000)

Cumulative distribution of latencies:
0.010% <= 0.103 milliseconds (cumulative count 2)
99.950% <= 9.000 milliseconds (cumulative count 20000)

Summary:
  throughput summary: 59880.24 requests per second
  latency summary (msec):
          avg       min       p50       p95       p99       max
        0.538     0.072     0.535     0.783     0.855     1.663
`

test('throughput and percentiles', () => {
  assert.deepEqual(parse(OUTPUT), { requestsPerSecond: 59880.24, p50Ms: 0.535, p99Ms: 0.855, p999Ms: 1.423 })
  assert.throws(() => parse('Could not connect'), /something unexpected/)
})

test('options', () => {
  assert.deepEqual([...parseOptions([]).suites], [...SUITES])
  const { suites, isQuick, rounds } = parseOptions(['--quick', '--only', 'cpu,direct'])
  assert.deepEqual([[...suites], isQuick, rounds], [['cpu', 'direct'], true, 1])
  assert.equal(parseOptions(['--rounds', '5']).rounds, 5)
  for (const wrong of [['--only', 'speed'], ['--rounds', '0'], ['--nonsense']])
    assert.throws(() => parseOptions(wrong), TypeError)
})

test('figures of a process', () => {
  const before = cpuSeconds(process.pid)
  const end = performance.now() + 100
  while (performance.now() < end);
  const after = cpuSeconds(process.pid)
  const seconds = after.user + after.system - before.user - before.system
  assert.ok(seconds > 0 && seconds < 5, `${seconds}`)
  assert.ok(residentBytes(process.pid) > 10_000_000)
})

test('medians', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
})

test('tables', () => {
  const text = markdown({
    date: '2026-01-31',
    isQuick: false,
    rounds: 3,
    machine: { cpu: 'Some CPU', cores: 2, memoryGB: 8, system: 'Linux' },
    versions: { spinel: '0.1.0', node: '20.0.0', redis: '7.0.15', benchmark: '7.0.15' },
    startup: [
      { server: 'spinel', starts: 5, medianMs: 120.4, leastMs: 110 },
      { server: 'redis', starts: 5, medianMs: 8, leastMs: 7.6 },
    ],
  })
  assert.match(text, /^# Spinel 0\.1\.0 beside Redis 7\.0\.15, 2026-01-31$/m)
  assert.match(
    text,
    /^\| server \| median \| least \|\n\| ------ \| -----: \| ----: \|\n\| spinel \| {4}120 \| {3}110 \|\n\| redis {2}\| {6}8 \| {5}8 \|$/m,
  )
  assert.doesNotMatch(text, /undefined|NaN/)
})
