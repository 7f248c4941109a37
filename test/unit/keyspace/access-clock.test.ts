import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Random } from '../../../src/base/environment.js'
import {
  LFU_INITIAL,
  lfuDecayed,
  lfuFresh,
  lfuTouched,
  lruClock,
  lruIdleSeconds,
} from '../../../src/keyspace/access-clock.js'
import { SeededRandom } from '../../support/test-store.js'

const NOW = 1_700_000_000_000
const MINUTE = 60_000
const MINUTES = 0x10000
const always = { next32: () => 0, fill: () => {} }
const never = { next32: () => 0xffffffff, fill: () => {} }

test('LRU counts seconds, around its end as well', () => {
  const range = 2 ** 24 * 1000
  const start = Math.ceil(NOW / range) * range
  assert.equal(lruClock(start), 0)
  assert.equal(lruClock(start - 1), 2 ** 24 - 1)
  assert.equal(lruIdleSeconds(lruClock(NOW), NOW + 5_999), 5)
  assert.equal(lruIdleSeconds(lruClock(start - 3000), start - 1000), 2)
  // The reference is a second short across the end.
  assert.equal(lruIdleSeconds(lruClock(start - 3000), start + 2000), 4)
})

test('LFU starts with a few uses and the minute', () => {
  const clock = lfuFresh(NOW)
  assert.equal(clock & 255, LFU_INITIAL)
  assert.equal(clock >>> 8, Math.floor(NOW / MINUTE) % MINUTES)
  assert.ok(clock < 2 ** 24)
})

test('LFU decays with the minutes', () => {
  const clock = lfuFresh(NOW)
  assert.equal(lfuDecayed(clock, NOW, 1), 5)
  assert.equal(lfuDecayed(clock, NOW + 3 * MINUTE, 1), 2)
  assert.equal(lfuDecayed(clock, NOW + 9 * MINUTE, 1), 0)
  assert.equal(lfuDecayed(clock, NOW + 9 * MINUTE, 4), 3)
  assert.equal(lfuDecayed(clock, NOW + 9 * MINUTE, 0), 5)
  const end = Math.ceil(NOW / MINUTE / MINUTES) * MINUTES * MINUTE
  assert.equal(lfuDecayed(lfuFresh(end - 2 * MINUTE), end + MINUTE, 1), 3)
})

test('LFU counts the less often the more there is', () => {
  const touch = (counter: number, random: Random = always, factor = 10): number =>
    lfuTouched(((lfuFresh(NOW) >>> 8) << 8) | counter, NOW, 1, factor, random) & 255
  assert.equal(touch(0), 1)
  assert.equal(touch(5, never), 6) // up to the initial count each use counts
  assert.equal(touch(6, never), 6)
  assert.equal(touch(6, never, 0), 7)
  assert.equal(touch(6), 7)
  assert.equal(touch(255), 255)
  const random = new SeededRandom(1)
  let counted = 0
  for (let i = 0; i < 10_000; i++) counted += touch(15, random) - 15
  assert.ok(Math.abs(counted - 10_000 / 101) < 30)
})

test('a use after a while decays first, and notes the minute', () => {
  const touched = lfuTouched(lfuFresh(NOW), NOW + 3 * MINUTE, 1, 10, never)
  assert.equal(touched & 255, 3)
  assert.equal(touched >>> 8, lfuFresh(NOW + 3 * MINUTE) >>> 8)
})
