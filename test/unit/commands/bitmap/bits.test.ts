/** GETBIT, SETBIT. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientFlag } from '../../../../src/engine/client.js'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, encodingOfKey, runTable, send, WRONG_TYPE, wrongArity } from '../string/table.js'

const BAD_OFFSET = 'ERR bit offset is not an integer or out of range'
const BAD_BIT = 'ERR bit is not an integer or out of range'

test('GETBIT and SETBIT', () => {
  runTable(
    [
      ['GETBIT k 0', 0],
      ['SETBIT k 1 1', 0],
      ['GET k', '@'],
      ['SETBIT k 1 1', 1],
      ['SETBIT k 1 0', 1],
      ['SETBIT k 15 1', 0],
      ['GET k', '\0\u0001'],
      ['GETBIT k 15', 1],
      ['GETBIT k 14', 0],
      ['GETBIT k 16', 0],
      ['GETBIT k 4294967295', 0],
      ['SET k 1', 'OK'],
      ['GETBIT k 2', 1],
      ['GETBIT k 7', 1],
      ['SETBIT k 6 1', 0],
      ['GET k', '3'],
      ['SETBIT k -1 1', BAD_OFFSET],
      ['SETBIT k 4294967296 1', BAD_OFFSET],
      ['SETBIT k 9223372036854775807 1', BAD_OFFSET],
      ['SETBIT k a 1', BAD_OFFSET],
      ['SETBIT k #1 1', BAD_OFFSET],
      ["SETBIT k '' 1", BAD_OFFSET],
      ['GETBIT k 4294967296', BAD_OFFSET],
      ['GETBIT k -1', BAD_OFFSET],
      ['SETBIT k 0 2', BAD_BIT],
      ['SETBIT k 0 -1', BAD_BIT],
      ['SETBIT k 0 x', BAD_BIT],
      ['SETBIT k 0 9223372036854775807', BAD_BIT],
      ['SETBIT list 0 1', WRONG_TYPE],
      ['SETBIT list 0 x', BAD_BIT],
      ['GETBIT list 0', WRONG_TYPE],
      ['SETBIT k 0', wrongArity('setbit')],
      ['GETBIT k', wrongArity('getbit')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('the last bit that proto-max-bulk-len allows', () => {
  const store = new TestStore({ 'proto-max-bulk-len': '64mb' })
  assert.equal(send(store, 'SETBIT', 'k', '536870911', '1'), 0)
  assert.equal(send(store, 'STRLEN', 'k'), 64 << 20)
  assert.equal(send(store, 'BITPOS', 'k', '1'), 536870911)
  assert.equal(send(store, 'SETBIT', 'k', '536870912', '1'), BAD_OFFSET)
  store.client.client.flags |= ClientFlag.isPrimary
  assert.equal(send(store, 'SETBIT', 'k', '536870912', '1'), 0)
  assert.equal(send(store, 'BITCOUNT', 'k'), 2)
})

test('writing the bit that is there changes the encoding alone', () => {
  const store = new TestStore()
  for (const value of ['1', 'abc', 'x'.repeat(100)]) {
    send(store, 'SET', 'k', value, 'EX', '100')
    const effects = store.recordEffects()
    const events = store.recordEvents()
    const dirty = store.store.dirty
    send(store, 'WATCH', 'k')
    assert.equal(send(store, 'SETBIT', 'k', '0', '0'), 0)
    assert.equal(encodingOfKey(store, 'k'), 'raw')
    assert.equal(send(store, 'GET', 'k'), value)
    assert.equal(send(store, 'TTL', 'k'), 100)
    send(store, 'MULTI')
    assert.deepEqual(send(store, 'EXEC'), [])
    assert.deepEqual([effects, events, store.store.dirty], [[], [], dirty])
  }
  store.validate()
})

test('a clear bit behind the end makes the string longer', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  assert.equal(send(store, 'SETBIT', 'k', '20', '0'), 0)
  assert.equal(send(store, 'SETBIT', 'k', '5000', '0'), 0)
  assert.equal(send(store, 'SETBIT', 'k', '5000', '0'), 0)
  assert.equal(send(store, 'STRLEN', 'k'), 626)
  assert.deepEqual(effects, ['0: SETBIT k 20 0', '0: SETBIT k 5000 0'])
  assert.deepEqual(events, ['new k@0', 'setbit k@0', 'setbit k@0'])
})
