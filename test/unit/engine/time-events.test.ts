import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Clock, TimerHandle, Timers } from '../../../src/base/environment.js'
import { STOP, TimeEvents } from '../../../src/engine/time-events.js'

/** A clock that moves when told, and a timer that keeps the last call. */
class HandTime implements Clock, Timers {
  us = 0
  pending: (() => void) | undefined = undefined
  delayMs = -1

  nowMs(): number {
    return Math.floor(this.us / 1000)
  }

  monotonicUs(): number {
    return this.us
  }

  after(delayMs: number, run: () => void): TimerHandle {
    this.pending = run
    this.delayMs = delayMs
    return { cancel: () => (this.pending = undefined) }
  }

  atTurnEnd(run: () => void): void {
    run()
  }

  soon(run: () => void): void {
    this.after(0, run)
  }

  turn(): void {
    const run = this.pending
    this.pending = undefined
    run?.()
  }
}

test('two events whose slices outlast each other’s pauses leave the loop its turns', () => {
  const time = new HandTime()
  const events = new TimeEvents(time, time)
  const ran: string[] = []
  const slice = (name: string) => () => {
    ran.push(name)
    time.us += 1000
    return 1
  }
  events.add('a', 0, slice('a'))
  events.add('b', 0, slice('b'))
  time.turn()
  assert.deepEqual(ran, ['a'])
  assert.equal(time.delayMs, 0, 'the rest is due at once, in the next turn')
  for (let turn = 0; turn < 5; turn++) time.turn()
  assert.deepEqual(ran, ['a', 'b', 'a', 'b', 'a', 'b'])
})

test('short events that are due run in one turn, in the order of their times', () => {
  const time = new HandTime()
  const events = new TimeEvents(time, time)
  const ran: string[] = []
  const once = (name: string) => () => {
    ran.push(name)
    return STOP
  }
  events.add('late', 3, once('late'))
  events.add('soon', 1, once('soon'))
  time.us = 5000
  time.turn()
  assert.deepEqual(ran, ['soon', 'late'])
  assert.equal(events.size, 0)
})
