/** TYPE and OBJECT. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyspaceStat } from '../../../../src/keyspace/statistics.js'
import { addChain, ChainOwner } from '../../../support/chain-values.js'
import { ask, runTable, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const LFU_ONLY =
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between ' +
  'policies at runtime LRU and LFU data will take some time to adjust.'
const NOT_UNDER_LFU =
  'ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at ' +
  'runtime LRU and LFU data will take some time to adjust.'

test('TYPE', () => {
  runTable([
    ['TYPE', wrongArity('type')],
    ['TYPE k', 'none'],
    ['SET k v', 'OK'],
    ['TYPE k', 'string'],
    ['EXPIRE k 1', 1],
    ['TYPE k', 'string'],
  ])
})

test('arguments of OBJECT', () => {
  runTable([
    ['OBJECT', wrongArity('object')],
    ['OBJECT WHATEVER k', "ERR unknown subcommand 'WHATEVER'. Try OBJECT HELP."],
    ['OBJECT encoding', wrongArity('object|encoding')],
    ['OBJECT FREQ k k', wrongArity('object|freq')],
    ['OBJECT IDLETIME', wrongArity('object|idletime')],
    ['OBJECT REFCOUNT', wrongArity('object|refcount')],
    ['OBJECT HELP k', wrongArity('object|help')],
    ['OBJECT ENCODING none', null],
    ['OBJECT FREQ none', null],
    ['OBJECT IDLETIME none', null],
    ['OBJECT REFCOUNT none', null],
    ['SET k v', 'OK'],
    ['OBJECT FREQ k', LFU_ONLY],
  ])
})

test('OBJECT HELP begins and ends as that of every container', () => {
  const lines = new TestStore().send('object', 'help') as string[]
  assert.equal(lines[0], 'OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
  assert.equal(lines.at(-2), 'HELP')
  for (const word of ['ENCODING', 'FREQ', 'IDLETIME', 'REFCOUNT'])
    assert.ok(lines.some((line) => line.startsWith(word)))
})

test('OBJECT ENCODING', () => {
  runTable([
    ['MSET a 1 b -9223372036854775808 c 9223372036854775808 d 01 e 1.5', 'OK'],
    ['OBJECT ENCODING a', 'int'],
    ['OBJECT ENCODING b', 'int'],
    ['OBJECT ENCODING c', 'embstr'],
    ['OBJECT ENCODING d', 'embstr'],
    [`SET f ${'x'.repeat(44)}`, 'OK'],
    ['OBJECT ENCODING f', 'embstr'],
    [`SET f ${'x'.repeat(45)}`, 'OK'],
    ['OBJECT ENCODING f', 'raw'],
    ['APPEND d 1', 3],
    ['OBJECT ENCODING d', 'raw'],
  ])
  const store = new TestStore()
  addChain(store.store.keyspace.databases[0]!, new ChainOwner(store.store.keyspace), 'k', 1)
  assert.equal(store.send('OBJECT', 'ENCODING', 'k'), 'quicklist')
})

test('small integers count as shared, unless eviction needs a clock for each', () => {
  const store = new TestStore()
  const count = (value: string | number): unknown => {
    store.send('SET', 'k', value)
    return store.send('OBJECT', 'REFCOUNT', 'k')
  }
  assert.equal(count(0), 2147483647)
  assert.equal(count(9999), 2147483647)
  assert.equal(count(10000), 1)
  assert.equal(count(-1), 1)
  assert.equal(count('007'), 1)
  assert.equal(count('text'), 1)
  store.send('CONFIG', 'SET', 'maxmemory', '1gb')
  for (const [policy, expected] of [
    ['noeviction', 2147483647],
    ['volatile-ttl', 2147483647],
    ['allkeys-random', 2147483647],
    ['allkeys-lru', 1],
    ['volatile-lfu', 1],
  ] as const) {
    store.send('CONFIG', 'SET', 'maxmemory-policy', policy)
    assert.equal(count(5), expected, policy)
  }
  store.send('CONFIG', 'SET', 'maxmemory', 0)
  assert.equal(count(5), 2147483647)
})

test('OBJECT IDLETIME tells the seconds since the last use', () => {
  const store = new TestStore()
  const idle = (): unknown => store.send('OBJECT', 'IDLETIME', 'k')
  store.send('SET', 'k', 'v')
  store.time.advance(7_000)
  assert.equal(idle(), 7)
  // Nothing that looks at the key from outside is a use of it.
  for (const request of ['OBJECT ENCODING k', 'TYPE k', 'TTL k', 'EXISTS k', 'SCAN 0 TYPE string', 'KEYS *']) {
    ask(store.client, request)
    assert.equal(idle(), 7, request)
  }
  for (const request of ['GET k', 'TOUCH k', 'EXPIRE k 100000', 'APPEND k x', 'SET k w']) {
    store.time.advance(3_000)
    assert.notEqual(idle(), 0)
    ask(store.client, request)
    assert.equal(idle(), 0, request)
  }
})

test('OBJECT FREQ under an LFU policy, and IDLETIME without', () => {
  const store = new TestStore({ 'maxmemory-policy': 'allkeys-lfu' })
  const frequency = (): number => store.send('OBJECT', 'FREQ', 'k') as number
  store.send('SET', 'k', 'v')
  assert.equal(frequency(), 5)
  assert.equal(ask(store.client, 'OBJECT IDLETIME k'), NOT_UNDER_LFU)
  store.send('GET', 'k')
  assert.equal(frequency(), 6) // the first uses always count
  for (let i = 0; i < 300; i++) store.send('GET', 'k')
  const used = frequency()
  assert.ok(used > 6 && used < 30)
  store.time.advance(3 * 60_000)
  assert.equal(frequency(), used - 3)
  store.send('CONFIG', 'SET', 'lfu-decay-time', 0)
  assert.equal(frequency(), used)
  store.send('CONFIG', 'SET', 'lfu-decay-time', 10)
  assert.equal(frequency(), used)
  store.send('CONFIG', 'SET', 'lfu-log-factor', 0)
  for (let i = 0; i < 300; i++) store.send('GET', 'k')
  assert.equal(frequency(), 255)
  store.send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
  assert.equal(ask(store.client, 'OBJECT FREQ k'), LFU_ONLY)
  assert.equal(typeof store.send('OBJECT', 'IDLETIME', 'k'), 'number')
})

test('looking at a value counts as a hit or a miss, but no miss is announced', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  const events = store.recordEvents()
  for (const word of ['ENCODING', 'IDLETIME', 'REFCOUNT', 'FREQ']) {
    store.send('OBJECT', word, 'k')
    store.send('OBJECT', word, 'none')
  }
  assert.equal(store.store.keyspace.statistics[KeyspaceStat.hits], 4)
  assert.equal(store.store.keyspace.statistics[KeyspaceStat.misses], 4)
  assert.deepEqual(events, [])
  store.send('TYPE', 'none')
  assert.deepEqual(events, ['keymiss none@0'])
})
