/** BITCOUNT, BITPOS. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, NOT_AN_INTEGER, runTable, send, SYNTAX, WRONG_TYPE, wrongArity } from '../string/table.js'

const NOT_A_BIT = 'ERR The bit argument must be 1 or 0.'

test('BITCOUNT', () => {
  runTable(
    [
      ['BITCOUNT k', 0],
      // A missing key is looked for before anything else is looked at.
      ['BITCOUNT k x y z', 0],
      ['BITCOUNT k 1', 0],
      ['BITCOUNT list x', WRONG_TYPE],
      ['SET k foobar', 'OK'],
      ['BITCOUNT k', 26],
      ['BITCOUNT k 0 0', 4],
      ['BITCOUNT k 1 1', 6],
      ['BITCOUNT k 0 -5', 10],
      ['BITCOUNT k -2 -1', 7],
      ['BITCOUNT k 5 30 BIT', 17],
      ['BITCOUNT k 0 -1 bit', 26],
      ['BITCOUNT k -1 -1 BIT', 0],
      ['BITCOUNT k -2 -2 BIT', 1],
      ['BITCOUNT k 3 3 BIT', 0],
      ['BITCOUNT k 0 -1 BYTE', 26],
      ['BITCOUNT k 10 20', 0],
      ['BITCOUNT k -100 100', 26],
      ['BITCOUNT k -1 -2', 0],
      // A range the wrong way round is found before an unknown unit.
      ['BITCOUNT k -1 -2 foo', 0],
      ['BITCOUNT k -9223372036854775807 -9223372036854775808 foo', 0],
      ['BITCOUNT k -9223372036854775808 -9223372036854775807', 4],
      ['BITCOUNT k 0 9223372036854775807 BIT', 26],
      ['BITCOUNT k 1 0 foo', SYNTAX],
      ['BITCOUNT k 0 1 BIT x', SYNTAX],
      ['BITCOUNT k 0', SYNTAX],
      ['BITCOUNT k x 1', NOT_AN_INTEGER],
      ['BITCOUNT k 0 1.5 foo', NOT_AN_INTEGER],
      ['SET k 12345', 'OK'],
      ['BITCOUNT k', 17],
      ["SET k ''", 'OK'],
      ['BITCOUNT k', 0],
      ['BITCOUNT k 0 -1 BIT', 0],
      ['BITCOUNT', wrongArity('bitcount')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('BITPOS', () => {
  runTable(
    [
      ['BITPOS k 0', 0],
      ['BITPOS k 1', -1],
      ['BITPOS k 0 x', 0],
      ['BITPOS k 2', NOT_A_BIT],
      ['BITPOS k -9223372036854775808', NOT_A_BIT],
      ['BITPOS k x', NOT_AN_INTEGER],
      ['BITPOS list 0 x', WRONG_TYPE],
      ['SET k \xff\xff\xff', 'OK'],
      ['BITPOS k 1', 0],
      // Zeros follow the string, unless an end is given.
      ['BITPOS k 0', 24],
      ['BITPOS k 0 1', 24],
      ['BITPOS k 0 0 -1', -1],
      ['BITPOS k 0 0 100', -1],
      ['BITPOS k 0 3', -1],
      ['BITPOS k 1 2', 16],
      ['BITPOS k 1 9 20 BIT', 9],
      ['BITPOS k 0 9 20 BIT', -1],
      ['SET k \xff\xf0\0', 'OK'],
      ['BITPOS k 0', 12],
      ['BITPOS k 0 13 23 BIT', 13],
      ['BITPOS k 1 13 23 BIT', -1],
      ['BITPOS k 1 -14 -1 BIT', 10],
      ['BITPOS k 1 2', -1],
      ['BITPOS k 1 0 -1 BYTE', 0],
      ['BITPOS k 1 2 1', -1],
      ['BITPOS k 0 0 -1 foo', SYNTAX],
      ['BITPOS k 0 0 x foo', SYNTAX],
      ['BITPOS k 0 x 0 foo', NOT_AN_INTEGER],
      ['BITPOS k 0 0 x BIT', NOT_AN_INTEGER],
      ['BITPOS k 0 0 0 BIT x', SYNTAX],
      ['SET k 1', 'OK'],
      ['BITPOS k 1', 2],
      ["SET k ''", 'OK'],
      ['BITPOS k 0', -1],
      ['BITPOS k 0 0 -1', -1],
      ['BITPOS k', wrongArity('bitpos')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('long bitmaps, in the entry and outside of it', () => {
  for (const length of [100, 254, 256, 300, 5000, 100_000]) {
    const store = new TestStore()
    const at = length * 8 - 3
    send(store, 'SETBIT', 'k', `${at}`, '1')
    send(store, 'BITOP', 'NOT', 'n', 'k')
    assert.equal(send(store, 'BITCOUNT', 'k'), 1)
    assert.equal(send(store, 'BITPOS', 'k', '1'), at)
    assert.equal(send(store, 'BITCOUNT', 'n'), length * 8 - 1)
    assert.equal(send(store, 'BITPOS', 'n', '0'), at)
    assert.equal(send(store, 'BITPOS', 'n', '0', `${length - 1}`), at)
    assert.equal(send(store, 'BITPOS', 'n', '0', '0', `${at - 1}`, 'BIT'), -1)
  }
})
