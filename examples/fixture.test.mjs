/**
 * Tests of code that uses a store, each with the same data, the same time and the same chance.
 *
 *     npm run build && node --test examples/fixture.test.mjs
 */
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createStore } from 'spinel'

/** The code to be tested: so many attempts in a minute, no more. */
function allows(store, user, attemptsMax = 3) {
  const key = `attempts:${user}`
  const attempts = store.call('INCR', key)
  if (attempts === 1) store.call('EXPIRE', key, 60)
  return attempts <= attemptsMax
}

const store = createStore({ clock: 'virtual', seed: 1 })
store.call('SET', 'attempts:mallory', 3, 'EX', 60)
const prepared = store.checkpoint()

beforeEach(() => store.rollback(prepared))
after(() => store.close())

test('a few attempts are allowed', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map(() => allows(store, 'ann')),
    [true, true, true, false],
  )
})

test('one who has used them up has to wait', () => {
  assert.equal(allows(store, 'mallory'), false)
  store.time.advance(59_000)
  assert.equal(allows(store, 'mallory'), false)
  store.time.advance(1_001)
  assert.equal(allows(store, 'mallory'), true)
})

test('what a test does is undone', () => {
  assert.equal(store.get('attempts:ann'), null)
  assert.equal(store.call('TTL', 'attempts:mallory'), 60)
})
