import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetryDelay, WAITING } from '../../../../src/persistence/aof/retry-delay.js'

test('rewrites that fail are held back for a minute, then twice as long each time, up to an hour', () => {
  const delay = new RetryDelay()
  let nowMs = 1000
  assert.equal(delay.next(0, nowMs), 0)
  assert.equal(delay.next(2, nowMs), 0)
  let failures = 3
  for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
    assert.equal(delay.next(failures, nowMs), minutes)
    assert.equal(delay.next(failures, nowMs + minutes * 60_000 - 1), WAITING)
    nowMs += minutes * 60_000
    assert.equal(delay.next(failures++, nowMs), 0)
  }
  assert.equal(delay.next(0, nowMs), 0)
  assert.equal(delay.next(3, nowMs), 1)
})
