/** Expiry times of the fields of hashes. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { runTable } from '../set/table.js'
import { NOT_AN_INTEGER, type Row, send, SYNTAX, WRONG_TYPE, words, wrongArity } from '../string/table.js'

const COUNT = 'ERR numfields should be greater than 0 and match the provided number of fields'
const START_MS = 1_700_000_000_000

function prepare(store: TestStore): void {
  send(store, 'SET', 'string', 'x')
  send(store, 'HSET', 'h', 'a', '1', 'b', '2', 'c', '3')
}

/** Runs a table with hashes as listpacks, and again with all of them as hash tables. */
function runBoth(rows: readonly Row[]): void {
  runTable(rows, prepare)
  runTable(rows, (store) => {
    send(store, 'CONFIG', 'SET', 'hash-max-listpack-entries', '0')
    prepare(store)
  })
}

test('times are set, shown and taken away', () => {
  runBoth([
    ['HEXPIRE h 100 FIELDS 2 a x', [1, -2]],
    ['OBJECT ENCODING h', 'hashtable'],
    ['HTTL h FIELDS 3 a b x', [100, -1, -2]],
    ['HPTTL h fields 1 a', [100_000]],
    ['HEXPIRETIME h FIELDS 1 a', [START_MS / 1000 + 100]],
    ['HPEXPIRETIME h FIELDS 1 a', [START_MS + 100_000]],
    ['HPEXPIRE h 1500 FIELDS 1 b', [1]],
    ['HTTL h FIELDS 1 b', [2]],
    ['HEXPIREAT h 1700000200 FIELDS 1 b', [1]],
    ['HPTTL h FIELDS 1 b', [200_000]],
    ['HPEXPIREAT h 1700000300000 FIELDS 1 b', [1]],
    ['HPTTL h FIELDS 1 b', [300_000]],
    ['HPERSIST h FIELDS 4 a a c x', [1, -1, -1, -2]],
    ['HTTL h FIELDS 2 a b', [-1, 300]],
    ['HPERSIST h FIELDS 1 b', [1]],
    ['HTTL h FIELDS 1 b', [-1]],
    ['HLEN h', 3],
    ['HPEXPIREAT h 9223372036854775807 FIELDS 1 a', [1]],
    ['HPEXPIRETIME h FIELDS 1 a', [9223372036854775807n]],
    ['HEXPIRE none 1 FIELDS 2 a b', [-2, -2]],
    ['HTTL none FIELDS 2 a b', [-2, -2]],
    ['HPERSIST none FIELDS 1 a', [-2]],
  ])
})

test('conditions', () => {
  runBoth([
    ['HEXPIRE h 100 XX FIELDS 1 a', [0]],
    ['HEXPIRE h 100 GT FIELDS 1 a', [0]],
    ['HEXPIRE h 100 LT FIELDS 1 a', [1]],
    ['HEXPIRE h 200 NX FIELDS 2 a b', [0, 1]],
    ['HEXPIRE h 100 GT FIELDS 2 a b', [0, 0]],
    ['HEXPIRE h 150 gt FIELDS 2 a b', [1, 0]],
    ['HEXPIRE h 120 LT FIELDS 2 a b', [1, 1]],
    ['HEXPIRE h 90 XX LT FIELDS 3 a b c', [1, 1, 0]],
    ['HEXPIRE h 100 NX XX FIELDS 1 a', 'ERR NX and XX, GT or LT options at the same time are not compatible'],
    ['HEXPIRE h 100 GT LT FIELDS 1 a', 'ERR GT and LT options at the same time are not compatible'],
    ['HEXPIRE h 100 FOO FIELDS 1 a', 'ERR Unsupported option FOO'],
  ])
})

test('a time that has passed deletes', () => {
  runBoth([
    ['HEXPIRE h 0 FIELDS 2 a x', [2, -2]],
    ['HPEXPIREAT h 1 NX FIELDS 1 b', [2]],
    ['HGETALL h', ['c', '3']],
    ['HEXPIREAT h 0 FIELDS 1 c', [2]],
    ['EXISTS h', 0],
  ])
})

test('errors', () => {
  runBoth([
    ['HEXPIRE h 1 FIELDS 0 a', COUNT],
    ['HEXPIRE h 1 FIELDS -1 a', COUNT],
    ['HEXPIRE h 1 FIELDS 2 a', COUNT],
    ['HEXPIRE h 1 FIELDS 1 a b', COUNT],
    ['HEXPIRE h 1 FIELDS x a', NOT_AN_INTEGER],
    ['HEXPIRE h 1 NX XX a', 'ERR NX and XX, GT or LT options at the same time are not compatible'],
    ['HEXPIRE h 1 NX 1 FIELDS', 'ERR Unsupported option 1'],
    ['HEXPIRE h 1 a', wrongArity('hexpire')],
    ['HEXPIRE h x FIELDS 1 a', NOT_AN_INTEGER],
    ['HEXPIRE h -1 FIELDS 1 a', "ERR invalid expire time in 'hexpire' command"],
    ['HPEXPIREAT h -1 FIELDS 1 a', "ERR invalid expire time in 'hpexpireat' command"],
    ['HEXPIRE h 9223372036854775807 FIELDS 1 a', "ERR invalid expire time in 'hexpire' command"],
    ['HPEXPIRE h 9223372036854775807 FIELDS 1 a', "ERR invalid expire time in 'hpexpire' command"],
    ['HEXPIRE string 1 FIELDS 1 a', WRONG_TYPE],
    ['HTTL h NOTFIELDS 1 a', SYNTAX],
    ['HTTL h FIELDS 2 a', COUNT],
    ['HTTL h FIELDS x a', NOT_AN_INTEGER],
    ['HTTL string FIELDS 1 a', WRONG_TYPE],
    ['HPERSIST h FIELDS 2 a', COUNT],
    ['HPERSIST string FIELDS 1 a', WRONG_TYPE],
    ['HTTL h FIELDS 3 a b c', [-1, -1, -1]],
  ])
})

/** A store with a hash of which `past` has run out of time, while nothing is dropped in the background. */
function withPast(): TestStore {
  const store = new TestStore()
  prepare(store)
  send(store, 'DEBUG', 'SET-ACTIVE-EXPIRE', '0')
  store.store.keyspace.expiresActively = false
  send(store, 'HSET', 'h', 'past', '5')
  send(store, 'HPEXPIRE', 'h', '10', 'FIELDS', '1', 'past')
  send(store, 'HPEXPIRE', 'h', '100000', 'FIELDS', '1', 'a')
  store.time.advance(11)
  return store
}

test('a field past its time is not seen', () => {
  const store = withPast()
  const see = (request: string): unknown => send(store, ...words(request))
  assert.equal(see('HGET h past'), null)
  assert.deepEqual(see('HMGET h past a'), [null, '1'])
  assert.equal(see('HEXISTS h past'), 0)
  assert.equal(see('HSTRLEN h past'), 0)
  assert.equal(see('HLEN h'), 3)
  assert.equal((see('HGETALL h') as unknown[]).length, 6)
  assert.deepEqual((see('HKEYS h') as string[]).sort(), ['a', 'b', 'c'])
  assert.deepEqual((see('HVALS h') as string[]).sort(), ['1', '2', '3'])
  assert.equal((see('HSCAN h 0') as [string, string[]])[1].length, 6)
  assert.deepEqual((see('HRANDFIELD h 10') as string[]).sort(), ['a', 'b', 'c'])
  for (const field of see('HRANDFIELD h -50') as string[]) assert.notEqual(field, 'past')
  assert.deepEqual(see('HTTL h FIELDS 1 past'), [-2])
  assert.deepEqual(see('HEXPIRE h 100 FIELDS 1 past'), [-2])
  assert.deepEqual(see('HPERSIST h FIELDS 1 past'), [-2])
  assert.deepEqual(see('SORT none BY h->*'), [])
  see('RPUSH l past')
  assert.deepEqual(see('SORT l BY nosort GET *->past'), [null])
  store.validate()
})

test('changing commands drop what they come across', () => {
  for (const [request, reply, value] of [
    ['HSET h past 6', 1, '6'],
    ['HSETNX h past 7', 1, '7'],
    ['HINCRBY h past 3', 3, '3'],
    ['HINCRBYFLOAT h past 1.5', '1.5', '1.5'],
    ['HDEL h past', 0, null],
  ] as const) {
    const store = withPast()
    const effects = store.recordEffects()
    assert.equal(send(store, ...words(request)), reply)
    assert.equal(send(store, 'HGET', 'h', 'past'), value)
    assert.deepEqual(send(store, 'HTTL', 'h', 'FIELDS', '1', 'past'), [value === null ? -2 : -1])
    assert.equal(effects.filter((line) => line === '0: HDEL h past').length, 1)
    store.validate()
  }
})

test('what keeps an expiry time and what takes it away', () => {
  const store = new TestStore()
  const see = (request: string): unknown => send(store, ...words(request))
  prepare(store)
  see('HEXPIRE h 100 FIELDS 2 a b')
  see('HINCRBY h a 10')
  see('HINCRBYFLOAT h a 0.5')
  see(`HINCRBY h b ${10 ** 15}`)
  assert.deepEqual(see('HTTL h FIELDS 2 a b'), [100, 100])
  see('COPY h copy')
  see('RENAME h renamed')
  see('MOVE renamed 1')
  assert.deepEqual(see('HTTL copy FIELDS 3 a b c'), [100, 100, -1])
  assert.equal(see('HGET copy a'), '11.5')
  see('HSET copy a x')
  assert.deepEqual(see('HTTL copy FIELDS 2 a b'), [-1, 100])
  see('HDEL copy b')
  see('SELECT 1')
  assert.deepEqual(see('HTTL renamed FIELDS 2 a b'), [100, 100])
  see('SWAPDB 0 1')
  see('SELECT 0')
  see('EXPIRE renamed 1000')
  see('SET renamed x')
  store.time.advance(200_000)
  assert.equal(see('GET renamed'), 'x')
  see('SELECT 1')
  assert.equal(see('HLEN copy'), 2)
  store.validate()
})

test('fields are dropped in the background, and the key with the last', () => {
  const store = new TestStore()
  prepare(store)
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'HPEXPIRE', 'h', '50', 'FIELDS', '2', 'a', 'b')
  store.time.advance(1000)
  send(store, 'HPEXPIRE', 'h', '50', 'FIELDS', '1', 'c')
  store.time.advance(1000)
  assert.equal(send(store, 'EXISTS', 'h'), 0)
  assert.deepEqual(effects.map((line) => (line.startsWith('0: HDEL h a') || line.startsWith('0: HDEL h b') ? 'two' : line)), [
    `0: HPEXPIREAT h ${START_MS + 50} FIELDS 2 a b`, 'two', `0: HPEXPIREAT h ${START_MS + 1050} FIELDS 1 c`, '0: HDEL h c',
  ]) // prettier-ignore
  assert.deepEqual(
    events.filter((line) => !line.startsWith('keymiss')),
    ['hexpire h@0', 'hexpired h@0', 'hexpire h@0', 'hexpired h@0', 'del h@0'],
  )
  assert.match(String(send(store, 'INFO', 'stats')), /expired_subkeys:3\r/)
})

test('effects name moments and the fields that were changed', () => {
  const store = new TestStore()
  prepare(store)
  const effects = store.recordEffects()
  for (const request of [
    'HEXPIRE h 10 FIELDS 2 a x',
    'HEXPIRE h 20 NX FIELDS 2 a b',
    'HEXPIRE h 20 XX FIELDS 1 c',
    'HINCRBYFLOAT h a 1.5',
    'HPERSIST h FIELDS 3 x b c',
    'HEXPIRE h 0 FIELDS 3 x a c',
    'HEXPIRE h 0 FIELDS 1 x',
  ]) {
    send(store, ...words(request))
  }
  assert.deepEqual(effects, [
    `0: HPEXPIREAT h ${START_MS + 10_000} FIELDS 1 a`,
    `0: HPEXPIREAT h ${START_MS + 20_000} FIELDS 1 b`,
    '[', '0: HSET h a 2.5', `0: HPEXPIREAT h ${START_MS + 10_000} FIELDS 1 a`, ']',
    '0: HPERSIST h FIELDS 1 b',
    '0: HDEL h a c',
  ]) // prettier-ignore
})

test('random use against a map with times', () => {
  for (const seed of [1, 2, 3]) {
    const store = new TestStore({}, seed)
    const { arena, random } = store.store.keyspace
    const before = arena.usedBytes
    const model = new Map<string, { value: string; due: number }>()
    const pick = (n: number): number => random.next32() % n
    const live = (field: string): { value: string; due: number } | undefined => {
      const held = model.get(field)
      return held !== undefined && held.due >= store.time.nowMs ? held : undefined
    }
    for (let round = 0; round < 3000; round++) {
      const field = `f${pick(200)}`
      const held = live(field)
      const kind = pick(12)
      if (kind < 3) {
        const value = 'v'.repeat(pick(100) === 0 ? pick(5000) : pick(30))
        assert.equal(send(store, 'HSET', 'h', field, value), held === undefined ? 1 : 0)
        model.set(field, { value, due: Infinity })
      } else if (kind < 7) {
        const delay = pick(400) + 1
        assert.deepEqual(send(store, 'HPEXPIRE', 'h', `${delay}`, 'FIELDS', '1', field), [held === undefined ? -2 : 1])
        if (held !== undefined) held.due = store.time.nowMs + delay
      } else if (kind === 7) assert.equal(send(store, 'HGET', 'h', field), held?.value ?? null)
      else if (kind === 8) {
        assert.equal(send(store, 'HDEL', 'h', field), held === undefined ? 0 : 1)
        model.delete(field)
      } else if (kind === 9 && held !== undefined) {
        send(store, 'HPERSIST', 'h', 'FIELDS', '1', field)
        held.due = Infinity
      } else if (kind === 10) store.time.advance(pick(20))
      else {
        for (const [name, { due }] of model) if (due < store.time.nowMs) model.delete(name)
        assert.equal(send(store, 'HLEN', 'h'), model.size)
        if (pick(10) === 0) {
          send(store, 'COPY', 'h', 'i')
          send(store, 'RENAME', 'i', 'h')
        }
        store.validate()
      }
    }
    store.time.advance(2000)
    for (const [name, { due }] of model) if (due < store.time.nowMs) model.delete(name)
    assert.equal(send(store, 'HLEN', 'h'), model.size)
    send(store, 'UNLINK', 'h')
    store.time.advance(1000)
    store.validate()
    assert.equal(arena.usedBytes, before)
  }
})
