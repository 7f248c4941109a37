/** KEYS, SCAN and RANDOMKEY. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { KeyspaceStat } from '../../../../src/keyspace/statistics.js'
import { addChain, ChainOwner } from '../../../support/chain-values.js'
import { ask, NOT_AN_INTEGER, runTable, SYNTAX, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const INVALID_CURSOR = 'ERR invalid cursor'

function fill(store: TestStore, count: number): string[] {
  const names: string[] = []
  for (let i = 0; i < count; i++) {
    names.push(`key:${i}`)
    store.send('SET', `key:${i}`, i)
  }
  return names
}

/** Walks from cursor 0 to 0; returns all keys in the order they came, with repetitions. */
function walk(store: TestStore, ...options: (string | number)[]): string[] {
  const found: string[] = []
  let cursor = '0'
  do {
    const [next, keys] = store.send('SCAN', cursor, ...options) as [string, string[]]
    found.push(...keys)
    cursor = next
  } while (cursor !== '0')
  return found
}

test('KEYS', () => {
  const store = new TestStore()
  assert.equal(ask(store.client, 'KEYS'), wrongArity('keys'))
  assert.deepEqual(store.send('KEYS', '*'), [])
  store.send('MSET', 'foo', 1, 'bar', 2, 'baz', 3, '', 4)
  const sorted = (pattern: string): unknown => (store.send('KEYS', pattern) as string[]).sort()
  assert.deepEqual(sorted('*'), ['', 'bar', 'baz', 'foo'])
  assert.deepEqual(sorted('ba?'), ['bar', 'baz'])
  assert.deepEqual(sorted('[fz]*'), ['foo'])
  assert.deepEqual(sorted('**'), ['bar', 'baz', 'foo']) // no pattern but `*` alone matches the empty key
  assert.deepEqual(sorted('b\\ar'), ['bar'])
  assert.deepEqual(sorted(''), [''])
  assert.deepEqual(sorted('nothing'), [])
})

test('KEYS leaves out keys past their time, and leaves them', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  store.send('SET', 'old', 1, 'PX', 5)
  store.send('SET', 'new', 1)
  store.time.advance(6)
  const effects = store.recordEffects()
  assert.deepEqual(store.send('KEYS', '*'), ['new'])
  assert.equal(store.send('DBSIZE'), 2)
  assert.deepEqual(effects, [])
  assert.equal(store.store.keyspace.statistics[KeyspaceStat.hits], 0)
})

test('arguments of SCAN', () => {
  runTable([
    ['SCAN', wrongArity('scan')],
    ['SCAN 0', ['0', []]],
    ['SET k v', 'OK'],
    ['SCAN 0', ['0', ['k']]],
    ["SCAN ''", ['0', ['k']]],
    ['SCAN 00', ['0', ['k']]],
    ['SCAN -0', ['0', ['k']]],
    ['SCAN +0', ['0', ['k']]],
    ['SCAN 18446744073709551615', ['0', ['k']]],
    ['SCAN -1', ['0', ['k']]],
    ['SCAN 0\0abc', ['0', ['k']]],
    ['SCAN 18446744073709551616', INVALID_CURSOR],
    ['SCAN 99999999999999999999999999', INVALID_CURSOR],
    ['SCAN x', INVALID_CURSOR],
    ['SCAN 0x', INVALID_CURSOR],
    ['SCAN ~0', INVALID_CURSOR],
    ['SCAN 0~', INVALID_CURSOR],
    ['SCAN -', INVALID_CURSOR],
    ['SCAN x COUNT', INVALID_CURSOR],
    ['SCAN 0 COUNT', SYNTAX],
    ['SCAN 0 COUNT 0', SYNTAX],
    ['SCAN 0 COUNT -1', SYNTAX],
    ['SCAN 0 COUNT x', NOT_AN_INTEGER],
    ['SCAN 0 COUNT 9223372036854775807', ['0', ['k']]],
    ['SCAN 0 MATCH', SYNTAX],
    ['SCAN 0 TYPE', SYNTAX],
    ['SCAN 0 COUNT 10 MATCH', SYNTAX],
    ['SCAN 0 FROM 1', SYNTAX],
    ['SCAN 0 match k count 1 type STRING', ['0', ['k']]],
    ['SCAN 0 MATCH x', ['0', []]],
    ['SCAN 0 MATCH x MATCH *', ['0', ['k']]],
    ['SCAN 0 TYPE list', ['0', []]],
    ['SCAN 0 TYPE nosuchtype', ['0', []]],
    ['SCAN 0 TYPE module', ['0', []]],
    ['SCAN 0 TYPE list TYPE string', ['0', ['k']]],
  ])
})

test('a walk returns every key', () => {
  const store = new TestStore()
  const names = fill(store, 1000)
  for (const count of [1, 10, 333, 100_000]) assert.deepEqual(walk(store, 'COUNT', count).sort(), names.toSorted())
  assert.deepEqual(walk(store, 'MATCH', 'key:1?'), walk(store, 'MATCH', 'key:1?', 'COUNT', 1000))
  assert.equal(walk(store, 'MATCH', 'key:1?').length, 10)
})

test('about as many keys come as asked for', () => {
  const store = new TestStore()
  fill(store, 5000)
  for (const count of [1, 10, 100]) {
    const [, keys] = store.send('SCAN', 0, 'COUNT', count) as [string, string[]]
    assert.ok(keys.length >= count && keys.length < count + 40)
  }
})

test('by type', () => {
  const store = new TestStore()
  const owner = new ChainOwner(store.store.keyspace)
  const names = fill(store, 50)
  for (let i = 0; i < 50; i++) addChain(store.store.keyspace.databases[0]!, owner, `chain:${i}`, 1)
  assert.deepEqual(walk(store, 'TYPE', 'string').sort(), names.toSorted())
  assert.deepEqual(walk(store, 'TYPE', 'zset'), [])
  assert.equal(walk(store).length, 100)
})

test('what stays from the first call to the last is returned, whatever comes and goes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ grows: fc.boolean(), count: fc.integer({ min: 0, max: 800 }) }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      (bursts, count) => {
        const store = new TestStore()
        for (let i = 0; i < 200; i++) store.send('SET', `stays:${i}`, i)
        const seen = new Set<string>()
        let cursor = '0'
        let made = 0
        let left = 0
        let turn = 0
        do {
          const [next, keys] = store.send('SCAN', cursor, 'COUNT', count) as [string, string[]]
          for (const key of keys) seen.add(key)
          cursor = next
          const burst = bursts[turn++]
          for (let i = 0; i < (burst?.count ?? 0); i++) {
            if (burst!.grows) store.send('SET', `goes:${made++}`, i)
            else store.send('DEL', `goes:${left++}`)
          }
        } while (cursor !== '0')
        for (let i = 0; i < 200; i++) assert.ok(seen.has(`stays:${i}`), `stays:${i}`)
      },
    ),
    { numRuns: 40 },
  )
})

test('SCAN deletes keys past their time, each as a unit of its own', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  for (const key of ['a', 'b', 'c']) store.send('SET', key, 1, 'PX', 5)
  store.send('SET', 'd', 1)
  store.time.advance(6)
  const effects = store.recordEffects()
  assert.deepEqual(store.send('SCAN', 0), ['0', ['d']])
  assert.deepEqual(effects.sort(), ['0: DEL a', '0: DEL b', '0: DEL c'])
  // Within a transaction they are part of it.
  store.send('SET', 'a', 1, 'PX', 5)
  store.time.advance(6)
  effects.length = 0
  store.send('MULTI')
  store.send('SCAN', 0)
  store.send('INCR', 'n')
  store.send('EXEC')
  assert.deepEqual(effects, ['[', '0: DEL a', '0: INCR n', ']'])
})

test('only a look at the type counts as a look-up', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  store.send('MSET', 'a', 1, 'b', 2)
  store.send('SET', 'c', 1, 'PX', 5)
  store.send('SCAN', 0)
  const { statistics } = store.store.keyspace
  assert.equal(statistics[KeyspaceStat.hits], 0)
  store.time.advance(6)
  const events = store.recordEvents()
  store.send('SCAN', 0, 'TYPE', 'string', 'MATCH', '[abc]')
  assert.equal(statistics[KeyspaceStat.hits], 2)
  assert.equal(statistics[KeyspaceStat.misses], 1)
  assert.deepEqual(events, ['expired c@0'])
})

test('RANDOMKEY', () => {
  runTable([
    ['RANDOMKEY x', wrongArity('randomkey')],
    ['RANDOMKEY', null],
    ['SET k v', 'OK'],
    ['RANDOMKEY', 'k'],
    ['EXPIRE k 100', 1],
    ['RANDOMKEY', 'k'],
    ['DEL k', 1],
    ['RANDOMKEY', null],
  ])
  const store = new TestStore()
  const names = new Set(fill(store, 20))
  const drawn = new Set<unknown>()
  for (let i = 0; i < 500; i++) drawn.add(store.send('RANDOMKEY'))
  assert.deepEqual(drawn, names)
})

test('RANDOMKEY deletes keys past their time until it finds another', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  for (let i = 0; i < 100; i++) store.send('SET', `old:${i}`, 1, 'PX', 5)
  store.time.advance(6)
  assert.equal(store.send('RANDOMKEY'), null)
  assert.equal(store.send('DBSIZE'), 0)

  for (let i = 0; i < 100; i++) store.send('SET', `old:${i}`, 1, 'PX', 5)
  store.send('SET', 'new', 1)
  store.time.advance(6)
  assert.equal(store.send('RANDOMKEY'), 'new')
})

test('where all keys may be past their time and none is deleted, RANDOMKEY names one of them', () => {
  const store = new TestStore()
  store.send('SET', 'old', 1, 'PX', 5)
  store.store.keyspace.deletesExpired = false
  store.time.advance(6)
  assert.equal(store.send('RANDOMKEY'), 'old')
  store.send('SET', 'new', 1)
  for (let i = 0; i < 20; i++) assert.equal(store.send('RANDOMKEY'), 'new')
})

test('a table that has nearly been emptied in the order of a scan still gives random keys', () => {
  const store = new TestStore()
  fill(store, 20_000)
  let cursor = '0'
  do {
    const [next, keys] = store.send('SCAN', cursor, 'COUNT', 100) as [string, string[]]
    store.send('DEL', ...keys)
    cursor = next
  } while (cursor !== '0' && (store.send('DBSIZE') as number) > 150)
  const left = new Set(store.send('KEYS', '*') as string[])
  assert.ok(left.size > 0)
  for (let i = 0; i < 100; i++) assert.ok(left.has(store.send('RANDOMKEY') as string))
  store.validate()
})
