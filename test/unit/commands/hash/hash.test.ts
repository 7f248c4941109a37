/** The hash commands in both encodings. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { runTable } from '../set/table.js'
import { NOT_AN_INTEGER, type Row, send, SYNTAX, WRONG_TYPE, wrongArity } from '../string/table.js'

const HASH_NOT_AN_INTEGER = 'ERR hash value is not an integer'
const HASH_NOT_A_FLOAT = 'ERR hash value is not a float'
const OVERFLOW = 'ERR increment or decrement would overflow'
const BETWEEN = 'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807'

/** Runs a table with hashes as listpacks, and again with all of them as hash tables. */
function runBoth(rows: readonly Row[]): void {
  runTable(rows, (store) => send(store, 'SET', 'string', 'x'))
  runTable(rows, (store) => {
    send(store, 'SET', 'string', 'x')
    send(store, 'CONFIG', 'SET', 'hash-max-listpack-entries', '0')
  })
}

test('fields are set, read and removed', () => {
  runBoth([
    ['HSET h a 1 b xyz a 2', 2],
    ['HSET h a 3 c 4', 1],
    ['HGET h a', '3'],
    ['HGET h b', 'xyz'],
    ['HGET h d', null],
    ['HMGET h a d c', ['3', null, '4']],
    ['HLEN h', 3],
    ['HEXISTS h a', 1],
    ['HEXISTS h d', 0],
    ['HSTRLEN h b', 3],
    ['HSTRLEN h a', 1],
    ['HSTRLEN h d', 0],
    ['HMSET h d 5 e 6', 'OK'],
    ['HSETNX h d 7', 0],
    ['HSETNX h f 7', 1],
    ['HGET h d', '5'],
    ['HDEL h a a x b c', 3],
    ['HDEL h d e f g', 3],
    ['EXISTS h', 0],
    ["HSET h '' ''", 1],
    ["HGET h ''", ''],
    ['HGETALL h', ['', '']],
    ['HSET h 9223372036854775807 -9223372036854775808', 1],
    ['HGET h 9223372036854775807', '-9223372036854775808'],
    ['HSTRLEN h 9223372036854775807', 20],
    ["HDEL h ''", 1],
    ['HGETALL h', ['9223372036854775807', '-9223372036854775808']],
    ['HKEYS h', ['9223372036854775807']],
    ['HVALS h', ['-9223372036854775808']],
    ['HSCAN h 0', ['0', ['9223372036854775807', '-9223372036854775808']]],
    ['HSCAN h 0 MATCH x*', ['0', []]],
  ])
})

test('counting in fields', () => {
  runBoth([
    ['HINCRBY h n 5', 5],
    ['HINCRBY h n -7', -2],
    ['HGET h n', '-2'],
    ['HINCRBY h big 9223372036854775807', 9223372036854775807n],
    ['HINCRBY h big 1', OVERFLOW],
    ['HINCRBY h big -9223372036854775807', 0],
    ['HINCRBY h n x', NOT_AN_INTEGER],
    ['HINCRBY string n x', NOT_AN_INTEGER],
    ['HINCRBY string n 1', WRONG_TYPE],
    ['HSET h t abc s ~1 f 1.5', 3],
    ['HINCRBY h t 1', HASH_NOT_AN_INTEGER],
    ['HINCRBY h s 1', HASH_NOT_AN_INTEGER],
    ['HINCRBY h f 1', HASH_NOT_AN_INTEGER],
    ['HINCRBYFLOAT h f 1.25', '2.75'],
    ['HINCRBYFLOAT h n 0.5', '-1.5'],
    ['HINCRBYFLOAT h new 3.0e2', '300'],
    ['HINCRBYFLOAT h t 1', HASH_NOT_A_FLOAT],
    ['HINCRBYFLOAT h s 1', HASH_NOT_A_FLOAT],
    ['HINCRBYFLOAT h f x', 'ERR value is not a valid float'],
    ['HINCRBYFLOAT h f inf', 'ERR value is NaN or Infinity'],
    ['HINCRBYFLOAT string f 1', WRONG_TYPE],
    ['HINCRBYFLOAT other f 1.5', '1.5'],
  ])
})

test('errors, and keys that are missing or hold another type', () => {
  runBoth([
    ['HSET h a', wrongArity('hset')],
    ['HSET h a 1 b', wrongArity('hset')],
    ['HMSET h a 1 b', wrongArity('hmset')],
    ['HSET string a 1', WRONG_TYPE],
    ['HMSET string a 1', WRONG_TYPE],
    ['HSETNX string a 1', WRONG_TYPE],
    ['HGET string a', WRONG_TYPE],
    ['HMGET string a', WRONG_TYPE],
    ['HDEL string a', WRONG_TYPE],
    ['HLEN string', WRONG_TYPE],
    ['HSTRLEN string a', WRONG_TYPE],
    ['HEXISTS string a', WRONG_TYPE],
    ['HKEYS string', WRONG_TYPE],
    ['HVALS string', WRONG_TYPE],
    ['HGETALL string', WRONG_TYPE],
    ['HRANDFIELD string', WRONG_TYPE],
    ['HRANDFIELD string 1', WRONG_TYPE],
    ['HSCAN string 0', WRONG_TYPE],
    ['HGET none a', null],
    ['HMGET none a b', [null, null]],
    ['HDEL none a', 0],
    ['HLEN none', 0],
    ['HSTRLEN none a', 0],
    ['HEXISTS none a', 0],
    ['HKEYS none', []],
    ['HVALS none', []],
    ['HGETALL none', []],
    ['HRANDFIELD none', null],
    ['HRANDFIELD none 2', []],
    ['HSCAN none 0', ['0', []]],
    ['HSCAN none x', 'ERR invalid cursor'],
    ['HSET h a 1', 1],
    ['HSCAN h 0 COUNT 0', SYNTAX],
    ['HSCAN h 0 NOVALUES', SYNTAX],
    ['HRANDFIELD h x', NOT_AN_INTEGER],
    ['HRANDFIELD h 1 x', SYNTAX],
    ['HRANDFIELD h 1 WITHVALUES x', SYNTAX],
    ['HRANDFIELD h -9223372036854775808', BETWEEN],
    ['HRANDFIELD h 4611686018427387904 WITHVALUES', 'ERR value is out of range'],
    ['HRANDFIELD h -4611686018427387904 WITHVALUES', 'ERR value is out of range'],
    ['HRANDFIELD h 4611686018427387903', ['a']],
    ['HRANDFIELD h -2', ['a', 'a']],
    ['HRANDFIELD h 0', []],
    ['HRANDFIELD h', 'a'],
  ])
})

test('a hash becomes a hash table when the limits ask for it', () => {
  runTable(
    [
      ['HSET h a 1 b 2 c 3', 3],
      ['OBJECT ENCODING h', 'listpack'],
      ['HSET h d 4', 1],
      ['OBJECT ENCODING h', 'hashtable'],
      ['HMGET h a b c d', ['1', '2', '3', '4']],
      ['HSET i a 12345678901', 1],
      ['OBJECT ENCODING i', 'hashtable'],
      ['HSET j 12345678901 a', 1],
      ['OBJECT ENCODING j', 'hashtable'],
      ['HSET k a 1 a 1 a 1 a 1', 1],
      ['OBJECT ENCODING k', 'hashtable'],
      ['HSET l a 1', 1],
      ['HINCRBYFLOAT l a 0.12345678901', '1.12345678901'],
      ['OBJECT ENCODING l', 'hashtable'],
      ['HSET m a 1 b 2', 2],
      ['CONFIG SET hash-max-listpack-entries 1', 'OK'],
      ['HSET m a 3', 0],
      ['OBJECT ENCODING m', 'hashtable'],
      ['HMGET m a b', ['3', '2']],
    ],
    (store) => {
      send(store, 'CONFIG', 'SET', 'hash-max-listpack-entries', '3')
      send(store, 'CONFIG', 'SET', 'hash-max-listpack-value', '10')
    },
  )
})

test('shapes of RESP3', () => {
  const store = new TestStore()
  store.client.client.reply.protocol = 3
  send(store, 'HSET', 'h', 'a', '1')
  assert.equal(store.client.sendRaw('HGETALL', 'h'), '%1\r\n$1\r\na\r\n$1\r\n1\r\n')
  assert.equal(store.client.sendRaw('HGETALL', 'none'), '%0\r\n')
  assert.equal(store.client.sendRaw('HRANDFIELD', 'h', '1', 'WITHVALUES'), '*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n')
  assert.equal(store.client.sendRaw('HKEYS', 'h'), '*1\r\n$1\r\na\r\n')
  store.client.client.reply.protocol = 2
  assert.equal(store.client.sendRaw('HRANDFIELD', 'h', '1', 'WITHVALUES'), '*2\r\n$1\r\na\r\n$1\r\n1\r\n')
})

test('HRANDFIELD: so many different fields, or so many picks', () => {
  for (const size of [100, 2000]) {
    const store = new TestStore()
    for (let i = 0; i < size; i++) send(store, 'HSET', 'h', `f${i}`, `v${i}`)
    for (const count of [1, 3, 40, 90, size - 1, size, size + 5]) {
      const found = send(store, 'HRANDFIELD', 'h', `${count}`, 'WITHVALUES') as string[]
      assert.equal(found.length, 2 * Math.min(count, size))
      for (let i = 0; i < found.length; i += 2) assert.equal(found[i]!.replace('f', 'v'), found[i + 1])
      assert.equal(new Set(found).size, found.length)
      assert.equal((send(store, 'HRANDFIELD', 'h', `-${count}`) as string[]).length, count)
    }
  }
})

test('HSCAN goes through a large hash in steps, with the values', () => {
  const store = new TestStore()
  for (let i = 0; i < 1000; i++) send(store, 'HSET', 'h', `f${i}`, `v${i}`)
  const seen = new Map<string, string>()
  let cursor = '0'
  do {
    const [next, found] = send(store, 'HSCAN', 'h', cursor, 'COUNT', '20') as [string, string[]]
    for (let i = 0; i < found.length; i += 2) seen.set(found[i]!, found[i + 1]!)
    cursor = next
  } while (cursor !== '0')
  assert.equal(seen.size, 1000)
  for (const [field, value] of seen) assert.equal(field.replace('f', 'v'), value)
})

test('effects, events and dirty', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'HSET', 'h', 'a', '1', 'b', '2')
  send(store, 'HSET', 'h', 'a', '1')
  send(store, 'HSETNX', 'h', 'a', '1')
  send(store, 'HSETNX', 'h', 'c', '1')
  send(store, 'HINCRBY', 'h', 'a', '1')
  send(store, 'HINCRBYFLOAT', 'h', 'a', '0.5')
  send(store, 'HDEL', 'h', 'x')
  send(store, 'HDEL', 'h', 'a')
  send(store, 'HDEL', 'h', 'b', 'c')
  assert.deepEqual(effects, [
    '0: HSET h a 1 b 2',
    '0: HSET h a 1',
    '0: HSETNX h c 1',
    '0: HINCRBY h a 1',
    '0: HSET h a 2.5',
    '0: HDEL h a',
    '0: HDEL h b c',
  ])
  assert.deepEqual(events, [
    'new h@0', 'hset h@0', 'hset h@0', 'hset h@0', 'hincrby h@0', 'hincrbyfloat h@0', 'hdel h@0', 'hdel h@0', 'del h@0',
  ]) // prettier-ignore
  assert.equal(store.store.dirty, 2 + 1 + 1 + 1 + 1 + 1 + 2)
})

test('random use against a map, over both encodings, and nothing is left behind', () => {
  for (const seed of [1, 2, 3]) {
    const store = new TestStore({}, seed)
    const { arena, random } = store.store.keyspace
    const before = arena.usedBytes
    const model = new Map<string, string>()
    const pick = (n: number): number => random.next32() % n
    for (let round = 0; round < 3000; round++) {
      const field = `f${pick(900)}`.padEnd(pick(20), '.')
      const kind = pick(10)
      if (kind < 6) {
        const value = 'v'.repeat(pick(100) === 0 ? pick(5000) : pick(30))
        assert.equal(send(store, 'HSET', 'h', field, value), model.has(field) ? 0 : 1)
        model.set(field, value)
      } else if (kind < 9) assert.equal(send(store, 'HGET', 'h', field), model.get(field) ?? null)
      else assert.equal(send(store, 'HDEL', 'h', field), model.delete(field) ? 1 : 0)
    }
    send(store, 'COPY', 'h', 'i')
    for (const key of ['h', 'i']) {
      assert.equal(send(store, 'HLEN', key), model.size)
      for (const [field, value] of model) assert.equal(send(store, 'HGET', key, field), value)
    }
    store.validate()
    send(store, 'UNLINK', 'i')
    assert.equal(send(store, 'HDEL', 'h', ...model.keys()), model.size)
    store.time.advance(1000)
    store.validate()
    assert.equal(arena.usedBytes, before)
  }
})

test('a new hash without memory leaves the one that was used before alone', () => {
  for (const request of [
    'HSET new a b',
    'HSETNX new a b',
    'HMSET new a b',
    'HINCRBY new a 1',
    'HINCRBYFLOAT new a 1',
  ]) {
    const store = new TestStore()
    send(store, 'HSET', 'h', 'f', 'v')
    const { arena } = store.store.keyspace
    const allocate = arena.allocate.bind(arena)
    arena.allocate = () => 0
    assert.match(String(send(store, ...request.split(' '))), /^OOM/, request)
    arena.allocate = allocate
    assert.deepEqual(send(store, 'HGETALL', 'h'), ['f', 'v'])
    assert.equal(send(store, 'EXISTS', 'new'), 0)
    store.validate()
  }
})
