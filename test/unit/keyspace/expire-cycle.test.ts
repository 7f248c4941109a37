import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { silentEvents } from '../../../src/keyspace/events.js'
import { ExpireCycle } from '../../../src/keyspace/expire-cycle.js'
import { Keyspace } from '../../../src/keyspace/keyspace.js'
import { KeyspaceStat } from '../../../src/keyspace/statistics.js'
import { setString } from '../../../src/keyspace/types/string.js'
import { Arena } from '../../../src/memory/arena.js'
import { addChain, ChainOwner } from '../../support/chain-values.js'
import { SeededRandom } from '../../support/test-store.js'

const NOW = 1_700_000_000_000
const SLICE_US = 1000

/** A keyspace, and a clock that moves by `stepUs` with each look at it. */
class Bench {
  readonly keyspace: Keyspace
  readonly cycle: ExpireCycle
  stepUs = 0
  looks = 0

  constructor(databases = 16) {
    this.keyspace = new Keyspace(new Arena({ poison: true }), new SeededRandom(1), databases)
    this.keyspace.setTime(NOW)
    let us = 0
    const monotonicUs = (): number => {
      this.looks++
      us += this.stepUs
      return us
    }
    this.cycle = new ExpireCycle(this.keyspace, { nowMs: () => NOW, monotonicUs })
  }

  fill(index: number, count: number, ttlMs: number, prefix = 'key'): void {
    const database = this.keyspace.databases[index]!
    for (let i = 0; i < count; i++) {
      const key = latin1Bytes(`${prefix}:${i}`)
      database.find(key, 0, key.length)
      setString(database, 0, key, 0, key.length, key, 0, key.length, ttlMs === -1 ? -1 : NOW + ttlMs)
    }
  }

  size(index: number): number {
    return this.keyspace.databases[index]!.size
  }

  statistic(index: number): number {
    return this.keyspace.statistics[index]!
  }
}

test('deletes what time has passed by, in all databases, and nothing else', () => {
  const bench = new Bench()
  for (const index of [0, 3, 15]) {
    bench.fill(index, 500, -10, 'old')
    bench.fill(index, 40, 0, 'now')
    bench.fill(index, 40, 10_000, 'young')
    bench.fill(index, 40, -1, 'forever')
  }
  const deleted: string[] = []
  bench.keyspace.events = {
    ...silentEvents,
    expired: (database, bytes, start, end) => deleted.push(`${database.index} ${latin1(bytes, start, end)}`),
  }
  // Little that has expired may be left by a cycle; the next ones find it.
  for (let i = 0; i < 50; i++) assert.equal(bench.cycle.runSlice(SLICE_US), false)
  for (const index of [0, 3, 15]) assert.equal(bench.size(index), 120)
  assert.equal(deleted.length, 1500)
  assert.equal(new Set(deleted).size, 1500)
  assert.ok(deleted.every((name) => name.includes('old')))
  assert.equal(bench.statistic(KeyspaceStat.expired), 1500)
  for (const database of bench.keyspace.databases) {
    database.keys.validate()
    database.volatile.validate()
  }
})

test('keys without an expiry time are not looked at', () => {
  const bench = new Bench()
  bench.fill(0, 10_000, -1)
  const { keys } = bench.keyspace.databases[0]!
  keys.scan = () => assert.fail('the table of all keys was scanned')
  assert.equal(bench.cycle.runSlice(SLICE_US), false)
  assert.equal(bench.looks, 2) // for the time it took
})

test('a slice ends with its time, and the next goes on with another database', () => {
  const bench = new Bench(3)
  bench.stepUs = 100
  for (const index of [0, 1, 2]) bench.fill(index, 10_000, -10)
  assert.equal(bench.cycle.runSlice(SLICE_US), true)
  assert.ok(bench.size(0) < 10_000)
  assert.ok(bench.size(0) > 9_600) // ten samples of twenty keys, about
  assert.equal(bench.size(1), 10_000)
  bench.cycle.runSlice(SLICE_US)
  bench.cycle.runSlice(SLICE_US)
  assert.ok(bench.size(1) < 10_000 && bench.size(2) < 10_000)
  assert.equal(bench.statistic(KeyspaceStat.expiredTimeCapReached), 3)
  assert.ok(bench.statistic(KeyspaceStat.expireCycleCpuMs) > 3)
  for (let slices = 0; bench.cycle.runSlice(SLICE_US); slices++) assert.ok(slices < 500)
  assert.equal(bench.size(0) + bench.size(1) + bench.size(2) < 100, true)
})

test('a cycle visits sixteen databases, and all of them once it is behind', () => {
  const bench = new Bench(40)
  bench.fill(20, 10, -10)
  bench.cycle.runSlice(SLICE_US)
  assert.equal(bench.size(20), 10)
  bench.cycle.runSlice(SLICE_US)
  assert.equal(bench.size(20), 0)

  bench.stepUs = SLICE_US
  bench.fill(33, 5_000, -10)
  assert.equal(bench.cycle.runSlice(SLICE_US), true)
  bench.stepUs = 0
  bench.fill(31, 10, -10)
  bench.cycle.runSlice(SLICE_US)
  assert.equal(bench.size(31), 0)
})

test('more effort leaves less behind', () => {
  const left = [1, 10].map((effort) => {
    const bench = new Bench(1)
    bench.cycle.effort = effort
    bench.fill(0, 200, -10, 'old')
    bench.fill(0, 4000, 10_000, 'young')
    for (let i = 0; i < 20; i++) bench.cycle.runSlice(SLICE_US)
    return bench.size(0) - 4000
  })
  assert.ok(left[0]! > 170)
  assert.ok(left[1]! < 150)
})

test('effort shortens the pause between slices', () => {
  const { cycle } = new Bench(1)
  assert.equal(cycle.pauseMs(SLICE_US), 1)
  cycle.effort = 10
  assert.ok(cycle.pauseMs(SLICE_US) < 0.2)
})

test('switched off, hidden keys, loading: nothing is deleted', () => {
  for (const stop of [
    (keyspace: Keyspace) => (keyspace.expiresActively = false),
    (keyspace: Keyspace) => (keyspace.deletesExpired = false),
    (keyspace: Keyspace) => (keyspace.isLoading = true),
  ]) {
    const bench = new Bench(1)
    bench.fill(0, 10, -10)
    stop(bench.keyspace)
    assert.equal(bench.cycle.runSlice(SLICE_US), false)
    assert.equal(bench.size(0), 10)
  }
})

test('the average time to live follows the samples slowly', () => {
  const bench = new Bench(2)
  bench.fill(0, 10, 1_000_000)
  const database = bench.keyspace.databases[0]!
  bench.cycle.runSlice(SLICE_US)
  assert.equal(database.averageTtlMs, 1_000_000)
  bench.keyspace.flush(-1, false)
  assert.equal(database.averageTtlMs, 0)
  database.averageTtlMs = 5000
  bench.fill(0, 10, 100_000)
  bench.cycle.runSlice(SLICE_US)
  assert.equal(database.averageTtlMs, (5000 / 50) * 49 + 100_000 / 50)
  bench.keyspace.flush(-1, false)
  database.averageTtlMs = 777
  bench.cycle.runSlice(SLICE_US)
  assert.equal(database.averageTtlMs, 0)
})

test('the estimate of stale keys is a running average', () => {
  const bench = new Bench(1)
  bench.fill(0, 20, -10)
  bench.cycle.runSlice(SLICE_US)
  assert.equal(bench.statistic(KeyspaceStat.expiredStalePercent), 5)
  bench.cycle.runSlice(SLICE_US)
  assert.equal(bench.statistic(KeyspaceStat.expiredStalePercent), 4.75)
})

test('large values are freed in slices, and counted as such only where configured', () => {
  for (const isConfigured of [false, true]) {
    const bench = new Bench(1)
    const owner = new ChainOwner(bench.keyspace)
    bench.keyspace.lazyFreesExpired = isConfigured
    addChain(bench.keyspace.databases[0]!, owner, 'k', 10_000, NOW - 1)
    bench.cycle.runSlice(SLICE_US)
    assert.equal(bench.size(0), 0)
    assert.ok(bench.keyspace.arena.usedBytes >= 240_000)
    bench.keyspace.reclaimer.runAll()
    assert.equal(bench.keyspace.arena.usedBytes, 0)
    assert.equal(bench.statistic(KeyspaceStat.lazyFreed), isConfigured ? 1 : 0)
  }
})
