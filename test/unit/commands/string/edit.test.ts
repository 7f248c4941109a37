/** APPEND, SETRANGE, GETRANGE, SUBSTR, STRLEN. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientFlag } from '../../../../src/engine/client.js'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, encodingOfKey, NOT_AN_INTEGER, runTable, send, TOO_LONG, WRONG_TYPE, wrongArity } from './table.js'

const OFFSET = 'ERR offset is out of range'

test('APPEND and STRLEN', () => {
  runTable(
    [
      ['STRLEN k', 0],
      ['APPEND k abc', 3],
      ['APPEND k def', 6],
      ["APPEND k ''", 6],
      ['GET k', 'abcdef'],
      ['STRLEN k', 6],
      ['SET k 12', 'OK'],
      ['APPEND k 3', 3],
      ['GET k', '123'],
      ['INCR k', 124],
      ['APPEND list x', WRONG_TYPE],
      ['STRLEN list', WRONG_TYPE],
      ['APPEND k', wrongArity('append')],
      ['STRLEN', wrongArity('strlen')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('encodings of what is edited', () => {
  const store = new TestStore()
  const cases: [before: string[] | undefined, request: string[], encoding: string][] = [
    [undefined, ['APPEND', 'k', '12'], 'int'],
    [undefined, ['APPEND', 'k', 'ab'], 'embstr'],
    [undefined, ['APPEND', 'k', 'x'.repeat(45)], 'raw'],
    [undefined, ['SETRANGE', 'k', '0', '1'], 'raw'],
    [['SET', 'k', '12'], ['APPEND', 'k', ''], 'raw'],
    [['SET', 'k', 'ab'], ['APPEND', 'k', ''], 'raw'],
    [['SET', 'k', 'ab'], ['SETRANGE', 'k', '1', ''], 'embstr'],
    [['SET', 'k', '12'], ['SETRANGE', 'k', '1', '3'], 'raw'],
  ]
  for (const [before, request, encoding] of cases) {
    send(store, 'DEL', 'k')
    if (before !== undefined) send(store, ...before)
    send(store, ...request)
    assert.equal(encodingOfKey(store, 'k'), encoding, request.join(' '))
  }
})

test('strings that grow byte by byte and by leaps', () => {
  for (const step of [1, 7, 60, 1000, 30_000]) {
    const store = new TestStore()
    let expected = ''
    for (let i = 0; i < 60; i++) {
      const piece = String.fromCharCode(97 + (i % 26)).repeat(step)
      expected += piece
      assert.equal(send(store, 'APPEND', 'k', piece), expected.length)
    }
    assert.equal(send(store, 'GET', 'k'), expected)
    store.validate()
  }
})

test('SETRANGE', () => {
  runTable(
    [
      ["SETRANGE k 10 ''", 0],
      ['EXISTS k', 0],
      ['SETRANGE k 3 ab', 5],
      ['GET k', '\0\0\0ab'],
      ["SETRANGE k 100 ''", 5],
      ['SETRANGE k 0 xyz', 5],
      ['GET k', 'xyzab'],
      ['SETRANGE k 4 cdef', 8],
      ['GET k', 'xyzacdef'],
      ['SET k 1234', 'OK'],
      ['SETRANGE k 1 x', 4],
      ['GET k', '1x34'],
      ['SET k 1234', 'OK'],
      ['SETRANGE k 6 x', 7],
      ['GET k', '1234\0\0x'],
      ['SETRANGE k -1 x', OFFSET],
      ["SETRANGE k -1 ''", OFFSET],
      ['SETRANGE k -9223372036854775808 x', OFFSET],
      ['SETRANGE k one x', NOT_AN_INTEGER],
      ['SETRANGE list 0 x', WRONG_TYPE],
      ["SETRANGE list 0 ''", WRONG_TYPE],
      ['SETRANGE k 536870912 x', TOO_LONG],
      ['SETRANGE k 9223372036854775807 x', TOO_LONG],
      ['SETRANGE new 9223372036854775807 x', TOO_LONG],
      ["SETRANGE new 9223372036854775807 ''", 0],
      ['EXISTS new', 0],
      ['SETRANGE k 1', wrongArity('setrange')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('gaps are zeros wherever the value lies', () => {
  for (const before of ['', '7', 'x'.repeat(40), 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(20_000)]) {
    for (const offset of [0, 50, 200, 254, 255, 256, 300, 5000, 70_000, 3_000_000]) {
      const store = new TestStore()
      if (before !== '') send(store, 'SET', 'k', before)
      const expected = before.padEnd(offset, '\0').slice(0, offset) + 'end' + before.slice(offset + 3)
      assert.equal(send(store, 'SETRANGE', 'k', `${offset}`, 'end'), expected.length)
      assert.ok(send(store, 'GET', 'k') === expected, `${before.length} bytes, offset ${offset}`)
    }
  }
})

test('the limit of proto-max-bulk-len', () => {
  const store = new TestStore({ 'proto-max-bulk-len': '1mb' })
  assert.equal(send(store, 'SETRANGE', 'k', '1048575', 'x'), 1048576)
  assert.equal(send(store, 'SETRANGE', 'k', '1048575', 'xx'), TOO_LONG)
  assert.equal(send(store, 'APPEND', 'k', 'x'), TOO_LONG)
  assert.equal(send(store, 'APPEND', 'k', ''), 1048576)
  store.client.client.flags |= ClientFlag.isInternal
  assert.equal(send(store, 'APPEND', 'k', 'x'), 1048577)
})

test('GETRANGE and SUBSTR', () => {
  for (const name of ['GETRANGE', 'SUBSTR']) {
    runTable(
      [
        [`${name} k 0 -1`, ''],
        ['SET k Hello', 'OK'],
        [`${name} k 0 3`, 'Hell'],
        [`${name} k 0 -1`, 'Hello'],
        [`${name} k -3 -1`, 'llo'],
        [`${name} k 5 -1`, ''],
        [`${name} k -5 0`, 'H'],
        [`${name} k -100 -100`, 'H'],
        [`${name} k -100 -101`, ''],
        [`${name} k -9223372036854775807 -9223372036854775808`, ''],
        [`${name} k -9223372036854775808 -9223372036854775807`, 'H'],
        [`${name} k 3 1`, ''],
        [`${name} k 0 9223372036854775807`, 'Hello'],
        [`${name} k 9223372036854775807 9223372036854775807`, ''],
        ['SET k -1234', 'OK'],
        [`${name} k 0 1`, '-1'],
        [`${name} k -2 -1`, '34'],
        ["SET k ''", 'OK'],
        [`${name} k 0 -1`, ''],
        [`${name} k a -1`, NOT_AN_INTEGER],
        [`${name} k 0 9223372036854775808`, NOT_AN_INTEGER],
        [`${name} list 0 b`, NOT_AN_INTEGER],
        [`${name} list 0 0`, WRONG_TYPE],
        [`${name} k 0`, wrongArity(name.toLowerCase())],
      ],
      (store) => addForeign(store, 'list'),
    )
  }
})

test('effects and events of editing', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'APPEND', 'k', 'ab')
  send(store, 'APPEND', 'k', '')
  send(store, 'SETRANGE', 'k', '1', 'x')
  send(store, 'SETRANGE', 'k', '1', '')
  assert.deepEqual(effects, ['0: APPEND k ab', '0: APPEND k ', '0: SETRANGE k 1 x'])
  assert.deepEqual(events, ['new k@0', 'append k@0', 'append k@0', 'setrange k@0'])
})
