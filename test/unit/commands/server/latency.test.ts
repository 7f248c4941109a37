import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latencyEvents } from '../../../../src/engine/latency-events.js'
import { LATENCY_SAMPLES_MAX } from '../../../../src/introspection/latency-monitor.js'
import { TestStore } from '../../../support/test-store.js'
import { plain, runRows, wrongArity } from '../connection/rows.js'

function slowStore(options: Readonly<Record<string, string>> = {}): TestStore {
  const store = new TestStore({ 'latency-monitor-threshold': '100', 'enable-debug-command': 'yes', ...options })
  Object.assign(store.store.environment.host, { blockMs: (milliseconds: number) => (store.time.nowMs += milliseconds) })
  return store
}

const note = (store: TestStore, event: string, milliseconds: number): void =>
  store.store.services.get(latencyEvents).note(event, milliseconds)

describe('LATENCY', () => {
  test('has nothing to say at first', () =>
    runRows([
      ['LATENCY HISTORY command', []],
      ['LATENCY LATEST', []],
      ['LATENCY RESET', 0],
      ['LATENCY RESET command other', 0],
      ['LATENCY GRAPH command', "ERR No samples available for event 'command'"],
      ['LATENCY HELP x', wrongArity('latency|help')],
      ['LATENCY HISTORY', wrongArity('latency|history')],
      ['LATENCY NONSENSE', "ERR unknown subcommand 'NONSENSE'. Try LATENCY HELP."],
    ]))

  test('notes commands, one sample a second: the worst', () => {
    const store = slowStore()
    const first = Math.floor(store.time.nowMs / 1000)
    store.send('DEBUG', 'SLEEP', '0.099')
    assert.deepEqual(store.send('LATENCY', 'LATEST'), [])
    for (const seconds of ['0.100', '0.300', '0.150']) store.send('DEBUG', 'SLEEP', seconds)
    store.time.nowMs = (first + 5) * 1000
    store.send('DEBUG', 'SLEEP', '0.200')
    assert.deepEqual(store.send('LATENCY', 'HISTORY', 'command'), [[first, 300], [first + 5, 200]]) // prettier-ignore
    assert.deepEqual(store.send('LATENCY', 'LATEST'), [['command', first + 5, 200, 300]])
    assert.deepEqual(store.send('LATENCY', 'HISTORY', 'COMMAND'), [])
  })

  test('tells fast commands from others, and takes events of other parts', () => {
    const store = slowStore()
    note(store, 'expire-cycle', 250.9)
    note(store, 'expire-cycle', 99.9)
    note(store, 'eviction-cycle', 100)
    const latest = store.send('LATENCY', 'LATEST') as unknown[][]
    assert.deepEqual(latest.map(([event, , milliseconds]) => [event, milliseconds]), [['expire-cycle', 250], ['eviction-cycle', 100]]) // prettier-ignore
    assert.equal(store.send('LATENCY', 'RESET', 'EXPIRE-cycle', 'nonsense'), 1)
    assert.equal(store.send('LATENCY', 'RESET'), 1)
    assert.deepEqual(store.send('LATENCY', 'LATEST'), [])
  })

  test('notes nothing when it is off', () => {
    const store = slowStore({ 'latency-monitor-threshold': '0' })
    store.send('DEBUG', 'SLEEP', '1')
    note(store, 'fork', 1000)
    assert.deepEqual(store.send('LATENCY', 'LATEST'), [])
    store.send('CONFIG', 'SET', 'latency-monitor-threshold', 500)
    store.send('DEBUG', 'SLEEP', '1')
    assert.equal((store.send('LATENCY', 'LATEST') as unknown[]).length, 1)
  })

  test('keeps so many samples of an event', () => {
    const store = slowStore()
    for (let i = 0; i < LATENCY_SAMPLES_MAX + 10; i++) {
      store.time.nowMs += 1000
      note(store, 'command', 100 + i)
    }
    const history = store.send('LATENCY', 'HISTORY', 'command') as number[][]
    assert.equal(history.length, LATENCY_SAMPLES_MAX)
    assert.equal(history[0]![1], 110)
    const [latest] = store.send('LATENCY', 'LATEST') as number[][]
    assert.deepEqual(latest!.slice(2), [100 + LATENCY_SAMPLES_MAX + 9, 100 + LATENCY_SAMPLES_MAX + 9])
  })

  test('GRAPH draws', () => {
    const store = slowStore()
    for (const [milliseconds, pauseMs] of [
      [100, 3_600_000],
      [500, 120_000],
      [300, 10_000],
      [101, 3_000],
    ] as const) {
      note(store, 'command', milliseconds)
      store.time.nowMs += pauseMs
    }
    const graph = store.send('LATENCY', 'GRAPH', 'command') as string
    assert.deepEqual(graph.split('\n'), [
      'command - high 500 ms, low 100 ms (all time high 500 ms)',
      '-'.repeat(80),
      ' #  ',
      ' |_ ',
      ' || ',
      '_||_',
      '    ',
      '1213',
      'hm3s',
      '  s ',
      '',
    ])
  })

  test('GRAPH draws one sample, and more than fit side by side', () => {
    const store = slowStore()
    note(store, 'x', 200)
    assert.deepEqual((store.send('LATENCY', 'GRAPH', 'x') as string).split('\n').slice(2), [
      ' ',
      ' ',
      ' ',
      '_',
      ' ',
      '0',
      's',
      '',
    ])
    for (let i = 0; i < 90; i++) {
      store.time.nowMs += 1000
      note(store, 'x', 200)
    }
    const lines = (store.send('LATENCY', 'GRAPH', 'x') as string).split('\n')
    assert.equal(lines[5], '_'.repeat(80))
    assert.ok(lines.includes('_'.repeat(11)))
  })

  test('DOCTOR says what was seen and what may help', () => {
    const off = new TestStore()
    assert.match(off.send('LATENCY', 'DOCTOR') as string, /CONFIG SET latency-monitor-threshold/)
    const store = slowStore({ 'slowlog-log-slower-than': '-1' })
    assert.match(store.send('LATENCY', 'DOCTOR') as string, /^No latency spikes/)
    store.send('DEBUG', 'SLEEP', '0.3')
    store.time.nowMs += 10_000
    store.send('DEBUG', 'SLEEP', '0.1')
    const report = store.send('LATENCY', 'DOCTOR') as string
    assert.match(
      report,
      /1\. command: 2 latency spikes \(average 200ms, mean deviation 100ms, period 5\.00 sec\)\. Worst all time event 300ms\./,
    )
    assert.match(report, /CONFIG SET slowlog-log-slower-than 100000/)
    store.send('LATENCY', 'RESET')
    note(store, 'nobody-knows', 500)
    assert.match(store.send('LATENCY', 'DOCTOR') as string, /None of them has a common cause/)
  })
})

describe('LATENCY HISTOGRAM', () => {
  const histogram = (store: TestStore, ...names: string[]): unknown => {
    store.client.client.reply.protocol = 3
    return plain(store.send('LATENCY', 'HISTOGRAM', ...names))
  }

  test('shows commands that were called', () => {
    const store = slowStore()
    store.send('CONFIG', 'RESETSTAT')
    assert.deepEqual(Object.keys(histogram(store) as object), ['config|resetstat'])
    store.send('CONFIG', 'RESETSTAT')
    store.send('CLIENT', 'ID')
    store.send('CLIENT', 'GETNAME')
    store.send('NONSENSE')
    store.store.executor.endBatch()
    assert.deepEqual(Object.keys(histogram(store, 'client') as object), ['client|getname', 'client|id'])
    assert.deepEqual(Object.keys(histogram(store, 'CLIENT|id', 'nonsense', 'get') as object), ['client|id'])
    assert.deepEqual(histogram(store, 'nonsense'), {})
  })

  test('counts calls up to powers of two', () => {
    const store = slowStore()
    for (const seconds of ['0.001', '0.001', '0.003', '1.5']) store.send('DEBUG', 'SLEEP', seconds)
    assert.deepEqual(histogram(store, 'debug'), {
      debug: { calls: 4, histogram_usec: { 1056: 2, 4227: 3, 1073741: 4 } },
    })
    store.client.client.reply.protocol = 2
    assert.deepEqual(store.send('LATENCY', 'HISTOGRAM', 'debug'), [
      'debug',
      ['calls', 4, 'histogram_usec', [1056, 2, 4227, 3, 1073741, 4]],
    ])
  })

  test('keeps nothing while tracking is off', () => {
    const store = slowStore({ 'latency-tracking': 'no' })
    store.send('DEBUG', 'SLEEP', '0.001')
    assert.deepEqual(histogram(store), {})
  })
})
