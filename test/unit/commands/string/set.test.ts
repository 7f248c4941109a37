/** SET, SETNX, SETEX, PSETEX, GETSET, and GET. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, encodingOfKey, NOT_AN_INTEGER, runTable, send, SYNTAX, WRONG_TYPE, wrongArity } from './table.js'

const INVALID_TIME = "ERR invalid expire time in 'set' command"

test('SET and GET', () => {
  runTable([
    ['GET k', null],
    ['SET k v', 'OK'],
    ['GET k', 'v'],
    ["SET k ''", 'OK'],
    ['GET k', ''],
    ['SET k 12345', 'OK'],
    ['GET k', '12345'],
    ['SET k', wrongArity('set')],
    ['GET', wrongArity('get')],
    ['GET k k', wrongArity('get')],
    ['SET k v foo', SYNTAX],
    ['SET k v PERSIST', SYNTAX],
    ["SET k v ''", SYNTAX],
  ])
})

test('SET replaces a value of another type, and only GET minds it', () => {
  runTable(
    [
      ['GET list', WRONG_TYPE],
      ['SET list v GET', WRONG_TYPE],
      ['SET list v XX', 'OK'],
      ['GET list', 'v'],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('SET with conditions', () => {
  runTable([
    ['SET k v XX', null],
    ['SET k v NX', 'OK'],
    ['SET k w NX', null],
    ['SET k w xx', 'OK'],
    ['SET k x NX XX', SYNTAX],
    ['SET k x XX NX', SYNTAX],
    ['SET k x NX NX', null],
    ['SET k x GET', 'w'],
    ['SET k y NX GET', 'x'],
    ['SET k y XX GET GET', 'x'],
    ['SET new y XX GET', null],
    ['GET new', null],
    ['SET new y NX GET', null],
    ['GET new', 'y'],
  ])
})

test('SET with times: which words go together', () => {
  runTable([
    ['SET k v EX', SYNTAX],
    ['SET k v EX 10 PX 10', SYNTAX],
    ['SET k v KEEPTTL EX 10', SYNTAX],
    ['SET k v EXAT 99999999999 KEEPTTL', SYNTAX],
    ['SET k v EX 10 EX 20', 'OK'],
    ['TTL k', 20],
    ['SET k v KEEPTTL KEEPTTL', 'OK'],
    ['TTL k', 20],
    ['SET k v', 'OK'],
    ['TTL k', -1],
    ['SET k v EX foo', NOT_AN_INTEGER],
    ['SET k v EX 9223372036854775808', NOT_AN_INTEGER],
    ['SET k v EX 0', INVALID_TIME],
    ['SET k v PX -1', INVALID_TIME],
    ['SET k v PXAT -9223372036854775808', INVALID_TIME],
  ])
})

test('SET with times: the ends of the range', () => {
  const now = new TestStore().time.nowMs
  const secondsLeft = (9223372036854775807n - BigInt(now)) / 1000n
  runTable([
    ['SET k v EX 9223372036854775807', INVALID_TIME],
    ['SET k v EXAT 9223372036854775', 'OK'],
    ['SET k v EXAT 9223372036854776', INVALID_TIME],
    [`SET k v EX ${secondsLeft}`, 'OK'],
    [`SET k v EX ${secondsLeft + 1n}`, INVALID_TIME],
    [`SET k v PX ${9223372036854775807n - BigInt(now)}`, 'OK'],
    [`SET k v PX ${9223372036854775808n - BigInt(now)}`, INVALID_TIME],
    ['SET k v PXAT 9223372036854775807', 'OK'],
    ['PEXPIRETIME k', 9223372036854775807n],
    ['GETEX k PXAT 9007199254740993', 'v'],
    // Moments that far away are rounded.
    ['PEXPIRETIME k', 9007199254740992n],
  ])
})

test('SET with times: when the key goes', () => {
  const store = new TestStore()
  const events = store.recordEvents()
  assert.equal(send(store, 'SET', 'k', 'v', 'EX', '10'), 'OK')
  store.time.advance(10_000)
  assert.equal(send(store, 'GET', 'k'), 'v')
  store.time.advance(1)
  assert.equal(send(store, 'GET', 'k'), null)
  assert.equal(send(store, 'SET', 'past', 'v', 'EXAT', '1'), 'OK')
  assert.equal(send(store, 'GET', 'past'), null)
  assert.deepEqual(events, [
    'new k@0', 'set k@0', 'expire k@0', 'expired k@0', 'keymiss k@0',
    'new past@0', 'set past@0', 'expire past@0', 'expired past@0', 'keymiss past@0',
  ]) // prettier-ignore
  store.validate()
})

test('encodings of what is set', () => {
  const store = new TestStore()
  const cases: [value: string, encoding: string][] = [
    ['', 'embstr'], ['v', 'embstr'], ['x'.repeat(44), 'embstr'], ['x'.repeat(45), 'raw'], ['x'.repeat(255), 'raw'],
    ['x'.repeat(256), 'raw'], ['0', 'int'], ['-1', 'int'], ['9007199254740993', 'int'], ['9223372036854775807', 'int'],
    ['-9223372036854775808', 'int'], ['9223372036854775808', 'embstr'], ['01', 'embstr'], ['-0', 'embstr'], ['1 ', 'embstr'],
  ] // prettier-ignore
  // Each after each, so that every kind of value replaces every other.
  for (const [first] of cases) {
    for (const [value, encoding] of cases) {
      for (const extra of [[], ['EX', '100'], ['KEEPTTL']]) {
        assert.equal(send(store, 'SET', 'k', first), 'OK')
        assert.equal(send(store, 'SET', 'k', value, ...extra), 'OK')
        assert.equal(send(store, 'GET', 'k'), value)
        assert.equal(send(store, 'STRLEN', 'k'), value.length)
        assert.equal(encodingOfKey(store, 'k'), encoding)
      }
    }
  }
  store.validate()
})

test('effects of SET', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const now = store.time.nowMs
  const cases: [request: string, effect: string | undefined][] = [
    ['SET k v', 'SET k v'],
    ['set k v nx', undefined],
    ['set k v xx', 'set k v xx'],
    ['SET k v GET', 'SET k v'],
    ['SET k v XX GET KEEPTTL get', 'SET k v XX KEEPTTL'],
    ['SET k v NX GET', undefined],
    ['SET k v XX EX 10 GET', `SET k v PXAT ${now + 10_000}`],
    ['SET k v px 10', `SET k v PXAT ${now + 10}`],
    ['SET k v EXAT 9999999999', 'SET k v PXAT 9999999999000'],
    ['SET k v XX PXAT 9999999999999 GET', 'SET k v XX PXAT 9999999999999 GET'],
    ['SET k v EX 0', undefined],
    ['SETNX k v', undefined],
    ['SETNX n v', 'SETNX n v'],
    ['SETEX k 10 v', `SET k v PXAT ${now + 10_000}`],
    ['PSETEX k 10 v', `SET k v PXAT ${now + 10}`],
    ['GETSET k w', 'SET k w'],
  ]
  for (const [request, effect] of cases) {
    effects.length = 0
    send(store, ...request.split(' '))
    assert.deepEqual(effects, effect === undefined ? [] : [`0: ${effect}`], request)
  }
})

test('SETNX, SETEX, PSETEX, GETSET', () => {
  runTable(
    [
      ['SETNX k v', 1],
      ['SETNX k w', 0],
      ['SETNX list w', 0],
      ['SETNX k', wrongArity('setnx')],
      ['GETSET k w', 'v'],
      ['GETSET new w', null],
      ['GETSET list w', WRONG_TYPE],
      ['SETEX k 10 x', 'OK'],
      ['TTL k', 10],
      ['GETSET k y', 'x'],
      ['TTL k', -1],
      ['PSETEX k 10 x', 'OK'],
      ['PTTL k', 10],
      ['SETEX list 5 x', 'OK'],
      ['SETEX k 0 x', "ERR invalid expire time in 'setex' command"],
      ['PSETEX k -1 x', "ERR invalid expire time in 'psetex' command"],
      ['SETEX k ten x', NOT_AN_INTEGER],
      ['SETEX k 9223372036854776 x', "ERR invalid expire time in 'setex' command"],
      ['PSETEX k 1', wrongArity('psetex')],
      ['GET k', 'x'],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('a watched key is touched by SET, and not by a condition that fails', () => {
  const store = new TestStore()
  const other = store.connect()
  for (const [request, isTouched] of [
    ['SET k v', true],
    ['SET k v NX', false],
    ['GETSET k v', true],
    ['GET k', false],
  ] as const) {
    store.send('SET', 'k', 'old')
    store.send('WATCH', 'k')
    other.send(...request.split(' '))
    store.send('MULTI')
    store.send('PING')
    assert.equal(store.send('EXEC') === null, isTouched, request)
  }
})
