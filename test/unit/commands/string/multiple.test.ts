/** MGET, MSET, MSETNX. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, runTable, send, wrongArity } from './table.js'

test('MGET, MSET, MSETNX', () => {
  runTable(
    [
      ['MSET a 1 b 2 c', wrongArity('mset')],
      ['MSET a', wrongArity('mset')],
      ['MGET', wrongArity('mget')],
      ['MGET a', [null]],
      ["MSET a 1 b xyz c ''", 'OK'],
      ['MGET a b c d list a', ['1', 'xyz', '', null, null, '1']],
      ['MSET a 1 a 2', 'OK'],
      ['GET a', '2'],
      ['MSETNX d 1 a 3', 0],
      ['MSETNX list 1', 0],
      ['MGET a d', ['2', null]],
      ['MSETNX d 1 d 2 e 3', 1],
      ['MGET d e', ['2', '3']],
      ['MSETNX f', wrongArity('msetnx')],
      ['MSETNX f 1 g', wrongArity('msetnx')],
      ['MSET list x', 'OK'],
      ['GET list', 'x'],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('MSET takes expiry times away', () => {
  runTable([
    ['SET a 1 EX 100', 'OK'],
    ['MSET a 2', 'OK'],
    ['TTL a', -1],
  ])
})

test('effects and events of MSET and MSETNX', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'MSET', 'a', '1', 'b', '2')
  send(store, 'MSETNX', 'b', '1', 'c', '2')
  send(store, 'MSETNX', 'c', '1', 'd', '2')
  assert.deepEqual(effects, ['0: MSET a 1 b 2', '0: MSETNX c 1 d 2'])
  assert.deepEqual(events, ['new a@0', 'set a@0', 'new b@0', 'set b@0', 'new c@0', 'set c@0', 'new d@0', 'set d@0'])
  assert.equal(store.store.dirty, 4)
})
