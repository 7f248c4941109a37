/** SADD, SREM, SISMEMBER, SMISMEMBER, SCARD, SMEMBERS, SMOVE, SSCAN in every encoding. */

import assert from 'node:assert/strict'
import { withBlocks } from '../../../support/scarce-memory.js'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { NOT_AN_INTEGER, send, SYNTAX, WRONG_TYPE, wrongArity } from '../string/table.js'
import { runTable } from './table.js'

const INVALID_CURSOR = 'ERR invalid cursor'

test('members come and go in an intset', () => {
  runTable([
    ['SADD s 3 1 2 1', 3],
    ['OBJECT ENCODING s', 'intset'],
    ['SADD s 1', 0],
    ['SADD s 9223372036854775807 -9223372036854775808 9007199254740993', 3],
    ['SISMEMBER s 9007199254740993', 1],
    ['SISMEMBER s 9007199254740992', 0],
    ['SISMEMBER s 01', 0],
    ['SISMEMBER s x', 0],
    ['SMISMEMBER s 1 x 9223372036854775807', [1, 0, 1]],
    ['SCARD s', 6],
    ['SMEMBERS s', ['-9223372036854775808', '1', '2', '3', '9007199254740993', '9223372036854775807']],
    ['SREM s 1 1 x 9007199254740993', 2],
    ['SREM s 2 3 9223372036854775807 -9223372036854775808 5', 4],
    ['EXISTS s', 0],
  ])
})

test('members come and go in a listpack', () => {
  runTable([
    ["SADD s a 1 ''", 3],
    ['OBJECT ENCODING s', 'listpack'],
    ['SADD s 1 b', 1],
    ['SMISMEMBER s a 1 b c', [1, 1, 1, 0]],
    ['SISMEMBER s 1', 1],
    ['SMEMBERS s', ['a', '1', '', 'b']],
    ['SREM s a', 1],
    ['SCARD s', 3],
    ["SREM s 1 '' b", 3],
    ['TYPE s', 'none'],
  ])
})

test('a set turns into what its members and the limits ask for', () => {
  runTable(
    [
      ['SADD i 1 2 3', 3],
      ['OBJECT ENCODING i', 'intset'],
      ['SADD i 4', 1],
      ['OBJECT ENCODING i', 'hashtable'],
      ['SADD j 1 x', 2],
      ['OBJECT ENCODING j', 'listpack'],
      ['SADD k 1 2', 2],
      ['SADD k x', 1],
      ['OBJECT ENCODING k', 'listpack'],
      ['SADD l 1 2 3', 3],
      ['SADD l x', 1],
      ['OBJECT ENCODING l', 'listpack'],
      ['SADD l y', 1],
      ['OBJECT ENCODING l', 'hashtable'],
      ['SADD m abcdefghijk', 1],
      ['OBJECT ENCODING m', 'hashtable'],
      ['SADD n 1 2 3 4 5', 5],
      ['OBJECT ENCODING n', 'hashtable'],
      ['SADD o 12345678901', 1],
      ['SADD o x', 1],
      ['OBJECT ENCODING o', 'hashtable'],
      ['SADD p x', 1],
      ['CONFIG SET set-max-listpack-entries 0', 'OK'],
      ['SADD p x', 0],
      ['OBJECT ENCODING p', 'hashtable'],
    ],
    (store) => {
      send(store, 'CONFIG', 'SET', 'set-max-intset-entries', '3')
      send(store, 'CONFIG', 'SET', 'set-max-listpack-entries', '4')
      send(store, 'CONFIG', 'SET', 'set-max-listpack-value', '10')
    },
  )
})

test('errors, and keys that are missing or hold another type', () => {
  runTable(
    [
      ['SADD s', wrongArity('sadd')],
      ['SREM s', wrongArity('srem')],
      ['SMISMEMBER s', wrongArity('smismember')],
      ['SADD string x', WRONG_TYPE],
      ['SREM string x', WRONG_TYPE],
      ['SISMEMBER string x', WRONG_TYPE],
      ['SMISMEMBER string x', WRONG_TYPE],
      ['SCARD string', WRONG_TYPE],
      ['SMEMBERS string', WRONG_TYPE],
      ['SMOVE string s x', WRONG_TYPE],
      ['SSCAN string 0', WRONG_TYPE],
      ['SREM none x', 0],
      ['SISMEMBER none x', 0],
      ['SMISMEMBER none x y', [0, 0]],
      ['SCARD none', 0],
      ['SMEMBERS none', []],
      ['SMOVE none string x', 0],
      ['SSCAN none 0', ['0', []]],
      ['SSCAN none x', INVALID_CURSOR],
      ['SADD s a', 1],
      ['SMOVE s string a', WRONG_TYPE],
      ['SSCAN s 0 COUNT 0', SYNTAX],
      ['SSCAN s 0 COUNT x', NOT_AN_INTEGER],
      ['SSCAN s 0 TYPE set', SYNTAX],
      ['SSCAN s 0 MATCH', SYNTAX],
    ],
    (store) => send(store, 'SET', 'string', 'x'),
  )
})

test('SMOVE', () => {
  runTable([
    ['SADD a 1 2', 2],
    ['SADD b x', 1],
    ['SMOVE a b 3', 0],
    ['SMOVE a a 1', 1],
    ['SMOVE a a 3', 0],
    ['SMOVE a b 1', 1],
    ['SMEMBERS a', ['2']],
    ['SMEMBERS b', ['x', '1']],
    ['SMOVE b c x', 1],
    ['OBJECT ENCODING c', 'listpack'],
    ['SMOVE a b 2', 1],
    ['EXISTS a', 0],
    ['SMOVE b d 2', 1],
    ['OBJECT ENCODING d', 'intset'],
  ])
})

test('SSCAN returns compact sets whole, and large ones in steps', () => {
  runTable([
    ['SADD i 3 1 12', 3],
    ['SSCAN i 0', ['0', ['1', '3', '12']]],
    ['SSCAN i 7 MATCH 1* COUNT 1', ['0', ['1', '12']]],
    ['SADD l a b1 b2', 3],
    ['SSCAN l 0 MATCH b?', ['0', ['b1', 'b2']]],
  ])
  const store = new TestStore()
  for (let i = 0; i < 1000; i++) send(store, 'SADD', 's', `m${i}`)
  const seen = new Set<string>()
  let cursor = '0'
  let calls = 0
  do {
    const [next, found] = send(store, 'SSCAN', 's', cursor, 'COUNT', '20') as [string, string[]]
    for (const member of found) seen.add(member)
    cursor = next
    calls++
    send(store, 'SADD', 's', `n${calls}`)
    send(store, 'SREM', 's', `n${calls - 1}`)
  } while (cursor !== '0')
  for (let i = 0; i < 1000; i++) assert.ok(seen.has(`m${i}`))
  assert.ok(calls > 20)
})

test('effects, events and dirty', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'SADD', 's', 'a', 'b', 'a')
  send(store, 'SADD', 's', 'a')
  send(store, 'SREM', 's', 'x')
  send(store, 'SMOVE', 's', 't', 'a')
  send(store, 'SREM', 's', 'b', 'c')
  assert.deepEqual(effects, ['0: SADD s a b a', '0: SMOVE s t a', '0: SREM s b c'])
  assert.deepEqual(events, ['new s@0', 'sadd s@0', 'new t@0', 'srem s@0', 'sadd t@0', 'srem s@0', 'del s@0'])
  assert.equal(store.store.dirty, 5)
})

test('a set that is watched: only a change aborts', () => {
  const store = new TestStore()
  const other = store.connect()
  send(store, 'SADD', 's', 'a')
  send(store, 'WATCH', 's')
  other.send('SADD', 's', 'a')
  other.send('SREM', 's', 'x')
  send(store, 'MULTI')
  assert.deepEqual(send(store, 'EXEC'), [])
  send(store, 'WATCH', 's')
  other.send('SADD', 's', 'b')
  send(store, 'MULTI')
  assert.equal(send(store, 'EXEC'), null)
})

test('COPY, RENAME, UNLINK and DEL of every encoding leave nothing behind', () => {
  const store = new TestStore()
  const { arena } = store.store.keyspace
  const before = arena.usedBytes
  for (const prefix of ['', 'm']) {
    for (const count of [3, 100, 3000]) {
      for (let i = 0; i < count; i++) send(store, 'SADD', 's', `${prefix}${i}`)
      assert.equal(send(store, 'COPY', 's', 't'), 1)
      send(store, 'RENAME', 's', 'u')
      assert.equal(send(store, 'SCARD', 't'), count)
      assert.deepEqual(send(store, 'SDIFF', 't', 'u'), [])
      assert.equal(send(store, 'OBJECT', 'ENCODING', 't'), send(store, 'OBJECT', 'ENCODING', 'u'))
      send(store, 'DEL', 't')
      send(store, 'UNLINK', 'u')
      store.time.advance(1000)
      store.validate()
      assert.equal(arena.usedBytes, before)
    }
  }
})

test('SADD that runs out of memory midway tells of what it added', () => {
  let partial = 0
  for (let blocks = 0; blocks < 60; blocks++) {
    const store = new TestStore({ 'set-max-listpack-entries': '2' })
    send(store, 'SADD', 's', 'a', 'b', 'c')
    const effects = store.recordEffects()
    const members = Array.from({ length: 30 }, (_, i) => `m${i}`)
    const reply = withBlocks(store.store.keyspace.arena, blocks, () => send(store, 'SADD', 's', ...members))
    const isWhole = reply === 30
    if (!isWhole) assert.match(String(reply), /^OOM/)
    const held = Number(send(store, 'SCARD', 's'))
    assert.equal(effects.length, held > 3 ? 1 : 0, `${blocks} blocks, ${held} members`)
    if (!isWhole && held > 3) partial++
    store.validate()
  }
  assert.ok(partial > 0, 'memory never ran out midway')
})
