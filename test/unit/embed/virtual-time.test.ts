/** Virtual time: timers in order, ends of turns, long leaps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Timers } from '../../../src/base/environment.js'
import { VirtualTime } from '../../../src/embed/virtual-time.js'

const START_MS = 1000

/** A loop whose turns end when the test says so. */
class ManualLoop implements Timers {
  readonly ends: (() => void)[] = []

  after(): never {
    throw new Error('virtual time needs no timers of the loop')
  }

  atTurnEnd(run: () => void): void {
    this.ends.push(run)
  }

  soon(run: () => void): void {
    this.ends.push(run)
  }
}

function create(): { time: VirtualTime; loop: ManualLoop } {
  const loop = new ManualLoop()
  return { time: new VirtualTime(START_MS, loop), loop }
}

test('stands still until it is moved', () => {
  const { time } = create()
  assert.equal(time.nowMs(), START_MS)
  assert.equal(time.monotonicUs(), 0)
  time.advance(250)
  assert.equal(time.nowMs(), START_MS + 250)
  assert.equal(time.monotonicUs(), 250_000)
})

test('runs timers when they fall due, in order, at their moment', () => {
  const { time } = create()
  const seen: string[] = []
  const note = (name: string) => () => void seen.push(`${name}@${time.nowMs() - START_MS}`)
  time.after(30, note('c'))
  time.after(10, note('a'))
  time.after(10, note('b'))
  time.after(10.2, note('rounded up'))
  time.after(-5, note('at once'))
  const cancelled = time.after(20, note('cancelled'))
  time.after(15, () => {
    cancelled.cancel()
    time.after(5, note('nested'))
  })
  time.advance(9)
  assert.deepEqual(seen.splice(0), ['at once@0'])
  time.advance(20)
  assert.deepEqual(seen.splice(0), ['a@10', 'b@10', 'rounded up@11', 'nested@20'])
  time.advance(1)
  assert.deepEqual(seen, ['c@30'])
})

test('runs work of a turn at its end, or before time passes', () => {
  const { time, loop } = create()
  const seen: string[] = []
  time.atTurnEnd(() => seen.push('end'))
  time.soon(() => {
    seen.push('soon')
    time.atTurnEnd(() => seen.push('again'))
  })
  assert.equal(loop.ends.length, 1)
  loop.ends.shift()!()
  assert.deepEqual(seen.splice(0), ['end', 'soon', 'again'])
  time.atTurnEnd(() => seen.push('before'))
  time.after(1, () => time.atTurnEnd(() => seen.push('between')))
  time.after(2, () => seen.push('after'))
  time.advance(5)
  assert.deepEqual(seen, ['before', 'between', 'after'])
})

test('goes through a long advance in a bounded number of rounds, and arrives exactly', () => {
  const { time } = create()
  let rounds = 0
  const again = (): void => {
    rounds++
    time.after(100, again)
  }
  again()
  const yearMs = 365 * 86_400_000
  time.advance(yearMs)
  assert.equal(time.nowMs(), START_MS + yearMs)
  assert.ok(rounds <= 20_001)
  rounds = 0
  time.advance(1000)
  assert.ok(rounds >= 9)
})

test('the wall clock can be set back; timers do not mind', () => {
  const { time } = create()
  let ran = 0
  time.after(100, () => ran++)
  time.advance(50)
  time.setWall(START_MS)
  assert.equal(time.nowMs(), START_MS)
  assert.ok(time.monotonicUs() > 50_000)
  time.advance(50)
  assert.equal(ran, 1)
})
