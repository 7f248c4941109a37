/** INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, encodingOfKey, NOT_AN_INTEGER, runTable, send, WRONG_TYPE, wrongArity } from './table.js'

const OVERFLOW = 'ERR increment or decrement would overflow'
const NOT_A_FLOAT = 'ERR value is not a valid float'
const NOT_FINITE = 'ERR increment would produce NaN or Infinity'

/** Replies beyond the safe integers are compared as they are on the wire. */
function raw(store: TestStore, ...request: string[]): string {
  return store.client.sendRaw(...request)
}

test('INCR, DECR, INCRBY, DECRBY', () => {
  runTable(
    [
      ['INCR k', 1],
      ['INCR k', 2],
      ['DECR k', 1],
      ['DECR n', -1],
      ['INCRBY k 41', 42],
      ['DECRBY k 2', 40],
      ['INCRBY k -50', -10],
      ['DECRBY new 5', -5],
      ['SET k 17179869184', 'OK'],
      ['INCR k', 17179869185],
      ['INCRBY k 1.5', NOT_AN_INTEGER],
      ['INCRBY k 9223372036854775808', NOT_AN_INTEGER],
      ['DECRBY k -9223372036854775808', 'ERR decrement would overflow'],
      ['SET k ~11', 'OK'],
      ['INCR k', NOT_AN_INTEGER],
      ['SET k 11~', 'OK'],
      ['INCR k', NOT_AN_INTEGER],
      ["SET k ''", 'OK'],
      ['INCR k', NOT_AN_INTEGER],
      ['INCR list', WRONG_TYPE],
      ['INCRBY list 9223372036854775807', WRONG_TYPE],
      ['INCRBY list x', NOT_AN_INTEGER],
      ['INCR k k', wrongArity('incr')],
      ['DECRBY k', wrongArity('decrby')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('counting at the ends of 64 bits', () => {
  const store = new TestStore()
  send(store, 'SET', 'k', '9223372036854775807')
  assert.equal(send(store, 'INCR', 'k'), OVERFLOW)
  assert.equal(raw(store, 'DECR', 'k'), ':9223372036854775806\r\n')
  assert.equal(raw(store, 'INCRBY', 'k', '-9223372036854775807'), ':-1\r\n')
  assert.equal(raw(store, 'INCRBY', 'k', '-9223372036854775807'), ':-9223372036854775808\r\n')
  assert.equal(send(store, 'DECR', 'k'), OVERFLOW)
  assert.equal(send(store, 'GET', 'k'), '-9223372036854775808')
  assert.equal(raw(store, 'DECRBY', 'k', '-9223372036854775807'), ':-1\r\n')
  assert.equal(raw(store, 'DECRBY', 'k', '9223372036854775807'), ':-9223372036854775808\r\n')
})

test('counting across the safe integers', () => {
  const store = new TestStore()
  for (const start of [2n ** 53n - 1n, -(2n ** 53n) + 1n, 2n ** 32n - 1n, -(2n ** 32n), 2n ** 31n, 0n, -1n]) {
    for (const delta of [1n, -1n, 2n ** 32n, -(2n ** 32n), 2n ** 53n - 1n, 2n ** 60n]) {
      send(store, 'SET', 'k', `${start}`)
      assert.equal(raw(store, 'INCRBY', 'k', `${delta}`), `:${start + delta}\r\n`)
      assert.equal(send(store, 'GET', 'k'), `${start + delta}`)
      assert.equal(send(store, 'STRLEN', 'k'), `${start + delta}`.length)
    }
  }
  store.validate()
})

test('counting makes integers, and keeps expiry times', () => {
  const store = new TestStore()
  send(store, 'SET', 'k', '5', 'EX', '100')
  send(store, 'APPEND', 'k', '0')
  assert.equal(encodingOfKey(store, 'k'), 'raw')
  assert.equal(send(store, 'INCR', 'k'), 51)
  assert.equal(encodingOfKey(store, 'k'), 'int')
  assert.equal(send(store, 'TTL', 'k'), 100)
  assert.equal(send(store, 'INCRBYFLOAT', 'k', '1'), '52')
  assert.equal(encodingOfKey(store, 'k'), 'embstr')
  assert.equal(send(store, 'TTL', 'k'), 100)
})

test('INCRBYFLOAT', () => {
  runTable(
    [
      ['INCRBYFLOAT k 1.5', '1.5'],
      ['INCRBYFLOAT k 5.0e3', '5001.5'],
      ['SET k 3.0e3', 'OK'],
      ['INCRBYFLOAT k 200', '3200'],
      ['SET k 9223372036854775807', 'OK'],
      ['INCRBYFLOAT k 1', '9223372036854775808'],
      ['SET k 0.1', 'OK'],
      ['INCRBYFLOAT k 0.2', '0.3'],
      ['INCRBYFLOAT k -0.3', '0'],
      ['SET k 1', 'OK'],
      ['INCRBYFLOAT k 1e100000', NOT_A_FLOAT],
      ['INCRBYFLOAT k inf', NOT_FINITE],
      ['INCRBYFLOAT k -inf', NOT_FINITE],
      ['INCRBYFLOAT k nan', NOT_A_FLOAT],
      ['INCRBYFLOAT k ~1', NOT_A_FLOAT],
      ["INCRBYFLOAT k ''", NOT_A_FLOAT],
      ['GET k', '1'],
      ['SET k x', 'OK'],
      ['INCRBYFLOAT k 1', NOT_A_FLOAT],
      ["SET k ''", 'OK'],
      ['INCRBYFLOAT k 1', NOT_A_FLOAT],
      ['INCRBYFLOAT list x', WRONG_TYPE],
      ['INCRBYFLOAT k', wrongArity('incrbyfloat')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('effects and events of counting', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'INCR', 'k')
  send(store, 'decrby', 'k', '5')
  send(store, 'INCRBYFLOAT', 'k', '0.5')
  send(store, 'INCR', 'k')
  assert.deepEqual(effects, ['0: INCR k', '0: decrby k 5', '0: SET k -3.5 KEEPTTL'])
  assert.deepEqual(events, ['new k@0', 'incrby k@0', 'incrby k@0', 'incrbyfloat k@0'])
})
