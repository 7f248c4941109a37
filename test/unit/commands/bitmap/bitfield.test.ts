/** BITFIELD, BITFIELD_RO. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import {
  addForeign,
  dataSet,
  encodingOfKey,
  NOT_AN_INTEGER,
  runTable,
  send,
  SYNTAX,
  WRONG_TYPE,
  wrongArity,
} from '../string/table.js'

const BAD_TYPE = 'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.'
const BAD_OFFSET = 'ERR bit offset is not an integer or out of range'

test('BITFIELD', () => {
  runTable(
    [
      ['BITFIELD k', []],
      ['EXISTS k', 0],
      ['BITFIELD k GET u8 0 GET i64 100', [0, 0]],
      ['EXISTS k', 0],
      ['BITFIELD k SET i8 0 -100 GET i8 0 GET u8 0', [0, -100, 156]],
      ['BITFIELD k SET u8 #1 255 GET u16 0', [0, 40191]],
      ['BITFIELD k INCRBY u2 12 1 GET u4 12', [0, 3]],
      ['SET k 1', 'OK'],
      ['BITFIELD k GET u8 0 SET u8 0 50', [49, 49]],
      ['GET k', '2'],
      ['BITFIELD k set u1 100 1 get u1 100', [0, 1]],
      ['STRLEN k', 13],
      ['BITFIELD k GET', SYNTAX],
      ['BITFIELD k GET u8', SYNTAX],
      ['BITFIELD k SET u8 0', SYNTAX],
      ['BITFIELD k FOO u8 0', SYNTAX],
      ['BITFIELD k OVERFLOW', SYNTAX],
      ['BITFIELD k OVERFLOW foo', 'ERR Invalid OVERFLOW type specified'],
      ['BITFIELD k OVERFLOW sat', []],
      ['BITFIELD k SET u8 0 x', NOT_AN_INTEGER],
      ['BITFIELD k SET u8 0 9223372036854775808', NOT_AN_INTEGER],
      ['BITFIELD k GET u8 -1', BAD_OFFSET],
      ['BITFIELD k GET u8 #', BAD_OFFSET],
      ['BITFIELD k GET u8 ##1', BAD_OFFSET],
      ['BITFIELD k GET u8 #536870912', BAD_OFFSET],
      ['BITFIELD k GET u8 4294967295', [0]],
      ['BITFIELD k GET u8 4294967296', BAD_OFFSET],
      ['BITFIELD list GET u8 0', WRONG_TYPE],
      ['BITFIELD list SET u8 0 1', WRONG_TYPE],
      ['BITFIELD list SET u8 0 x', NOT_AN_INTEGER],
      ['BITFIELD', wrongArity('bitfield')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('types of fields', () => {
  const store = new TestStore()
  for (const type of ['u64', 'i65', 'u0', 'i0', 'u', '', 'x8', 'U8', 'u08', 'u8x', 'i-1', 'u9223372036854775807']) {
    assert.equal(send(store, 'BITFIELD', 'k', 'GET', type, 'foo'), BAD_TYPE, type)
  }
  for (const type of ['u1', 'i1', 'u63', 'i64']) assert.deepEqual(send(store, 'BITFIELD', 'k', 'GET', type, '7'), [0])
})

test('BITFIELD and overflow', () => {
  runTable([
    ['BITFIELD k OVERFLOW WRAP INCRBY u8 0 257 INCRBY u8 0 -3', [1, 254]],
    ['BITFIELD k OVERFLOW SAT INCRBY u8 0 257 INCRBY u8 0 -300', [255, 0]],
    ['BITFIELD k OVERFLOW FAIL INCRBY u8 0 257 GET u8 0 INCRBY u8 0 255', [null, 0, 255]],
    ['BITFIELD k OVERFLOW FAIL SET u8 0 256 SET u8 0 7 GET u8 0', [null, 255, 7]],
    ['BITFIELD k SET u8 0 -1 GET u8 0', [7, 255]],
    ['BITFIELD k OVERFLOW SAT SET i8 0 1000 GET i8 0', [-1, 127]],
    ['BITFIELD k OVERFLOW SAT SET i8 0 -1000 GET i8 0', [127, -128]],
    ['BITFIELD k OVERFLOW SAT INCRBY i8 0 1 OVERFLOW WRAP INCRBY i8 0 -128', [-127, 1]],
    ['BITFIELD w SET i64 0 9223372036854775807 OVERFLOW FAIL INCRBY i64 0 1', [0, null]],
    ['BITFIELD w OVERFLOW WRAP INCRBY i64 0 1 INCRBY i64 0 9223372036854775807', [
      // prettier-ignore
      -9223372036854775808n, -1,
    ]],
    ['BITFIELD w OVERFLOW SAT INCRBY i64 0 -9223372036854775808 INCRBY i64 0 -1', [
      -9223372036854775808n, -9223372036854775808n,
    ]],
  ]) // prettier-ignore
})

test('BITFIELD_RO', () => {
  runTable(
    [
      ['BITFIELD_RO k', []],
      ['BITFIELD_RO k GET u8 0', [0]],
      ['SET k a', 'OK'],
      ['BITFIELD_RO k GET u8 0 GET u4 #1', [97, 1]],
      ['BITFIELD_RO k OVERFLOW SAT GET u8 0', [97]],
      ['BITFIELD_RO k SET u8 0 1', 'ERR BITFIELD_RO only supports the GET subcommand'],
      ['BITFIELD_RO k GET u8 0 INCRBY u8 0 1', 'ERR BITFIELD_RO only supports the GET subcommand'],
      ['BITFIELD_RO k SET u8 0 x', NOT_AN_INTEGER],
      ['BITFIELD_RO list GET u8 0', WRONG_TYPE],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('effects and events of BITFIELD', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  const cases: [request: string, changes: number][] = [
    ['BITFIELD k GET u8 0', 0],
    ['BITFIELD k SET u8 0 0 SET u8 8 0', 2],
    ['BITFIELD k SET u8 0 0 SET u8 8 0', 0],
    ['BITFIELD k SET u8 0 1 SET u8 8 0 INCRBY u8 8 5', 2],
    ['BITFIELD k INCRBY u8 8 0', 0],
  ]
  const expected: string[] = []
  for (const [request, changes] of cases) {
    const { dirty } = store.store
    events.length = 0
    send(store, ...request.split(' '))
    assert.equal(store.store.dirty - dirty, changes, request)
    assert.deepEqual(
      events.filter((event) => event.startsWith('setbit')),
      changes > 0 ? ['setbit k@0'] : [],
      request,
    )
    if (changes > 0) expected.push(`0: ${request}`)
  }
  assert.deepEqual(effects, expected)
})

test('a string that was made longer for nothing is replicated all the same', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const request = 'BITFIELD k OVERFLOW FAIL INCRBY u8 16 -1'
  assert.deepEqual(send(store, ...request.split(' ')), [null])
  assert.equal(send(store, 'STRLEN', 'k'), 3)
  assert.deepEqual(effects, [`0: ${request}`])
})

test('BITFIELD that changes nothing makes the value raw, and spoils no transaction', () => {
  const store = new TestStore()
  send(store, 'SET', 'k', '12', 'EX', '100')
  const before = dataSet(store).get('k')!
  send(store, 'WATCH', 'k')
  send(store, 'BITFIELD', 'k', 'INCRBY', 'u8', '0', '0')
  assert.equal(encodingOfKey(store, 'k'), 'raw')
  assert.deepEqual(dataSet(store).get('k'), { ...before, encoding: 'raw' })
  send(store, 'MULTI')
  assert.deepEqual(send(store, 'EXEC'), [])
  store.validate()
})
