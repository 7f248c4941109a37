/** GETEX and GETDEL. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, NOT_AN_INTEGER, runTable, send, SYNTAX, WRONG_TYPE, wrongArity } from './table.js'

const INVALID_TIME = "ERR invalid expire time in 'getex' command"

test('GETEX', () => {
  runTable(
    [
      ['GETEX', wrongArity('getex')],
      ['GETEX k', null],
      ['GETEX k EX', SYNTAX],
      ['GETEX k EX 10 PERSIST', SYNTAX],
      ['GETEX k PERSIST PX 10', SYNTAX],
      ['GETEX k KEEPTTL', SYNTAX],
      ['GETEX k NX', SYNTAX],
      // The time is looked at only when there is something to give it to.
      ['GETEX k EX foo', null],
      ['GETEX list EX foo', WRONG_TYPE],
      ['SET k v', 'OK'],
      ['GETEX k EX foo', NOT_AN_INTEGER],
      ['GETEX k EX 0', INVALID_TIME],
      ['GETEX k PXAT -5', INVALID_TIME],
      ['GETEX k EXAT 9223372036854776', INVALID_TIME],
      ['TTL k', -1],
      ['GETEX k EX 10', 'v'],
      ['TTL k', 10],
      ['GETEX k', 'v'],
      ['TTL k', 10],
      ['GETEX k px 50000', 'v'],
      ['PTTL k', 50000],
      ['GETEX k PERSIST', 'v'],
      ['GETEX k PERSIST PERSIST', 'v'],
      ['TTL k', -1],
      ['GETEX k EXAT 9999999999', 'v'],
      ['EXPIRETIME k', 9999999999],
      ['GETEX k PXAT 1', 'v'],
      ['GETEX k', null],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('effects and events of GETEX and GETDEL', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  const effects = store.recordEffects()
  const events = store.recordEvents()
  const now = store.time.nowMs
  const cases: [request: string, effect: string | undefined, event: string | undefined][] = [
    ['GETEX k', undefined, undefined],
    ['GETEX k PERSIST', undefined, undefined],
    ['GETEX k EX 10', `PEXPIREAT k ${now + 10_000}`, 'expire'],
    ['GETEX k PX 10', `PEXPIREAT k ${now + 10}`, 'expire'],
    ['GETEX k EXAT 9999999999', 'PEXPIREAT k 9999999999000', 'expire'],
    ['GETEX k PERSIST', 'PERSIST k', 'persist'],
    ['GETEX k PXAT 9999999999999', 'PEXPIREAT k 9999999999999', 'expire'],
    [`GETEX k PXAT ${now}`, 'DEL k', 'del'],
    ['GETEX missing EX 1', undefined, 'keymiss'],
    ['GETDEL missing', undefined, 'keymiss'],
  ]
  for (const [request, effect, event] of cases) {
    effects.length = 0
    events.length = 0
    send(store, ...request.split(' '))
    assert.deepEqual(effects, effect === undefined ? [] : [`0: ${effect}`], request)
    assert.deepEqual(events, event === undefined ? [] : [`${event} ${request.split(' ')[1]}@0`], request)
  }
})

test('GETEX that deletes says UNLINK where expiry is lazy', () => {
  const store = new TestStore({ 'lazyfree-lazy-expire': 'yes' })
  store.send('SET', 'k', 'v')
  const effects = store.recordEffects()
  assert.equal(send(store, 'GETEX', 'k', 'EXAT', '1'), 'v')
  assert.deepEqual(effects, ['0: UNLINK k'])
})

test('GETDEL', () => {
  runTable(
    [
      ['GETDEL k', null],
      ['SET k 12', 'OK'],
      ['GETDEL k', '12'],
      ['EXISTS k', 0],
      ['GETDEL list', WRONG_TYPE],
      ['GETDEL', wrongArity('getdel')],
    ],
    (store) => addForeign(store, 'list'),
  )
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'GETDEL', 'k')
  assert.deepEqual(effects, ['0: DEL k'])
  assert.deepEqual(events, ['del k@0'])
})
