/** LCS. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, NOT_AN_INTEGER, runTable, send, SYNTAX, wrongArity } from './table.js'

const NOT_STRINGS = 'ERR The specified keys must contain string values'

test('LCS', () => {
  runTable(
    [
      ['LCS a b', ''],
      ['LCS a b LEN', 0],
      ['MSET a ohmytext b mynewtext n 12345 m 2356', 'OK'],
      ['LCS a b', 'mytext'],
      ['LCS a b len', 6],
      ['LCS n m', '235'],
      ['LCS a missing', ''],
      ['LCS a b MINMATCHLEN 4', 'mytext'],
      ['LCS a b LEN WITHMATCHLEN', 6],
      ['LCS a b LEN IDX', 'ERR If you want both the length and indexes, please just use IDX.'],
      ['LCS a b MINMATCHLEN', SYNTAX],
      ['LCS a b foo', SYNTAX],
      ['LCS a b MINMATCHLEN x', NOT_AN_INTEGER],
      ['LCS a list', NOT_STRINGS],
      ['LCS list missing foo', NOT_STRINGS],
      ['LCS a', wrongArity('lcs')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('LCS IDX', () => {
  const long = [[4, 7], [5, 8]] // prettier-ignore
  const short = [[2, 3], [0, 1]] // prettier-ignore
  const cases: [options: string[], matches: unknown][] = [
    [[], [long, short]],
    [['MINMATCHLEN', '4'], [long]],
    [['MINMATCHLEN', '-1'], [long, short]],
    [['MINMATCHLEN', '9223372036854775807'], []],
    [['WITHMATCHLEN'], [[...long, 4], [...short, 2]]],
    [['MINMATCHLEN', '4', 'WITHMATCHLEN'], [[...long, 4]]],
  ] // prettier-ignore
  const store = new TestStore()
  send(store, 'MSET', 'a', 'ohmytext', 'b', 'mynewtext')
  for (const [options, matches] of cases) {
    store.client.client.reply.protocol = 2
    assert.deepEqual(send(store, 'LCS', 'a', 'b', 'IDX', ...options), ['matches', matches, 'len', 6])
    store.client.client.reply.protocol = 3
    const map = new Map<string, unknown>([['matches', matches], ['len', 6]]) // prettier-ignore
    assert.deepEqual(send(store, 'LCS', 'a', 'b', 'IDX', ...options), map)
  }
})

test('LCS keeps to the memory that proto-max-bulk-len allows', () => {
  const store = new TestStore({ 'proto-max-bulk-len': '1mb' })
  send(store, 'SET', 'a', 'x'.repeat(511))
  send(store, 'SET', 'b', 'x'.repeat(511))
  send(store, 'SET', 'c', 'x'.repeat(512))
  assert.equal(send(store, 'LCS', 'a', 'b', 'LEN'), 511)
  const refusal = 'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len'
  assert.equal(send(store, 'LCS', 'a', 'c', 'LEN'), refusal)
  assert.equal(send(store, 'LCS', 'a', 'c', 'foo'), SYNTAX)
})
