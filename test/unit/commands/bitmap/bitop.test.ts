/** BITOP. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, dataSet, encodingOfKey, runTable, send, SYNTAX, WRONG_TYPE, wrongArity } from '../string/table.js'

test('BITOP', () => {
  runTable(
    [
      ['SET a \xff\x0f\xaa', 'OK'],
      ['SET b \xf0', 'OK'],
      ['BITOP AND t a b', 3],
      ['GET t', '\xf0\0\0'],
      ['BITOP or t a b', 3],
      ['GET t', '\xff\x0f\xaa'],
      ['BITOP XOR t a b', 3],
      ['GET t', '\x0f\x0f\xaa'],
      ['BITOP NOT t a', 3],
      ['GET t', '\0\xf0\x55'],
      ['BITOP AND t a missing', 3],
      ['GET t', '\0\0\0'],
      ['BITOP OR t missing a', 3],
      ['GET t', '\xff\x0f\xaa'],
      ['BITOP AND a a b', 3],
      ['GET a', '\xf0\0\0'],
      ['SET n 12', 'OK'],
      ['BITOP OR t n', 2],
      ['GET t', '12'],
      ['BITOP NOT t n a', 'ERR BITOP NOT must be called with a single source key.'],
      ['BITOP NAND t a', SYNTAX],
      ['BITOP AND t a list', WRONG_TYPE],
      ['BITOP NOT list missing', 0],
      ['EXISTS list', 0],
      ['BITOP AND t missing', 0],
      ['EXISTS t', 0],
      ['BITOP AND t', wrongArity('bitop')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('BITOP takes the place of what was there, expiry time and encoding too', () => {
  const store = new TestStore()
  send(store, 'SET', 'a', '12')
  send(store, 'SET', 't', '99', 'EX', '100')
  addForeign(store, 'list')
  for (const target of ['t', 'list', 'a']) {
    assert.equal(send(store, 'BITOP', 'OR', target, 'a'), 2)
    assert.equal(encodingOfKey(store, target), 'raw')
    assert.equal(send(store, 'TTL', target), -1)
  }
  store.validate()
})

test('sources of all lengths, many and of all encodings', () => {
  const store = new TestStore()
  const values = ['', '7', '-9223372036854775808', 'x'.repeat(40), 'q\xff'.repeat(100), 'y\x01z'.repeat(100),
    '\xa5'.repeat(16_384), '\xf0\x0f'.repeat(20_000)] // prettier-ignore
  for (const [i, value] of values.entries()) send(store, 'SET', `k${i}`, value)
  const operations: [string, (a: number, b: number) => number][] = [
    ['AND', (a, b) => a & b],
    ['OR', (a, b) => a | b],
    ['XOR', (a, b) => a ^ b],
  ]
  for (const [name, apply] of operations) {
    for (let first = 0; first < values.length; first++) {
      for (let last = first; last < values.length; last += 3) {
        const sources = values.slice(first, last + 1)
        const length = Math.max(...sources.map((value) => value.length))
        let expected = ''
        for (let at = 0; at < length; at++) {
          const bytes = sources.map((value) => (at < value.length ? value.charCodeAt(at) : 0))
          expected += String.fromCharCode(bytes.reduce(apply))
        }
        const keys = sources.map((_, i) => `k${first + i}`)
        assert.equal(send(store, 'BITOP', name, 't', ...keys), length)
        assert.ok((dataSet(store).get('t')?.value ?? '') === expected, `${name} ${keys.join(' ')}`)
      }
    }
  }
  const many = Array.from({ length: 40 }, (_, i) => `k${i % values.length}`)
  assert.equal(send(store, 'BITOP', 'XOR', 't', ...many, ...many), 40_000)
  assert.equal(send(store, 'BITCOUNT', 't'), 0)
  store.validate()
})

test('effects and events of BITOP', () => {
  const store = new TestStore()
  send(store, 'SET', 'a', 'x')
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'BITOP', 'NOT', 't', 'a')
  send(store, 'BITOP', 'NOT', 't', 'missing')
  send(store, 'BITOP', 'NOT', 't', 'missing')
  assert.deepEqual(effects, ['0: BITOP NOT t a', '0: BITOP NOT t missing'])
  assert.deepEqual(events, ['new t@0', 'set t@0', 'keymiss missing@0', 'del t@0', 'keymiss missing@0'])
})
