import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeClock, NodeRandom, NodeTimers } from '../../../src/platform/node-clock.js'

test('the clock tells the time, and never runs backwards', () => {
  const clock = new NodeClock()
  assert.ok(Math.abs(clock.nowMs() - Date.now()) < 1000)
  let last = clock.monotonicUs()
  for (let i = 0; i < 1000; i++) {
    const now = clock.monotonicUs()
    assert.ok(now >= last)
    last = now
  }
})

test('a delay is not cut short, as far as it is worth waiting for', async () => {
  const clock = new NodeClock()
  const timers = new NodeTimers()
  for (const delayMs of [10, 20.5]) {
    const startUs = clock.monotonicUs()
    await new Promise<void>((resolve) => timers.after(delayMs, resolve))
    assert.ok(clock.monotonicUs() - startUs >= delayMs * 1000)
  }
})

test('a cancelled timer does not run; the end of a turn comes before long', async () => {
  const timers = new NodeTimers()
  timers.after(0, () => assert.fail('it was cancelled')).cancel()
  await new Promise<void>((resolve) => timers.atTurnEnd(resolve))
  await new Promise<void>((resolve) => timers.soon(resolve))
  await new Promise<void>((resolve) => timers.after(5, resolve))
})

test('random numbers take all of 32 bits', () => {
  const random = new NodeRandom()
  let ones = 0
  let zeros = 0
  for (let i = 0; i < 5000; i++) {
    const number = random.next32()
    assert.ok(Number.isInteger(number) && number >= 0 && number < 2 ** 32)
    ones |= number
    zeros |= ~number
  }
  assert.equal(ones >>> 0, 0xffffffff)
  assert.equal(zeros >>> 0, 0xffffffff)
  const filled = (bytes: Uint8Array): Uint8Array => {
    random.fill(bytes)
    return bytes
  }
  assert.ok(filled(new Uint8Array(64)).some((byte) => byte !== 0))
})
