/** EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT, PERSIST, TTL, PTTL, EXPIRETIME and PEXPIRETIME. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyspaceStat } from '../../../../src/keyspace/statistics.js'
import { addChain, ChainOwner } from '../../../support/chain-values.js'
import { ask, NOT_AN_INTEGER, type Row, runTable, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const NOW = new TestStore().time.nowMs
const NX_CLASH = 'ERR NX and XX, GT or LT options at the same time are not compatible'
const GT_LT_CLASH = 'ERR GT and LT options at the same time are not compatible'

function invalidTime(name: string): string {
  return `ERR invalid expire time in '${name}' command`
}

for (const name of ['expire', 'pexpire', 'expireat', 'pexpireat']) {
  const far = name.endsWith('at')
    ? name === 'expireat'
      ? NOW / 1000 + 100
      : NOW + 100_000
    : name === 'expire'
      ? 100
      : 100_000

  test(`arguments of ${name.toUpperCase()}`, () => {
    runTable([
      [name, wrongArity(name)],
      [`${name} k`, wrongArity(name)],
      [`${name} k ${far}`, 0],
      [`${name} k soon`, NOT_AN_INTEGER],
      [`${name} k 1.5`, NOT_AN_INTEGER],
      [`${name} k ''`, NOT_AN_INTEGER],
      [`${name} k 9223372036854775808`, NOT_AN_INTEGER],
      // Options come before the number.
      [`${name} k soon EX`, 'ERR Unsupported option EX'],
      [`${name} k soon NX nx`, NOT_AN_INTEGER],
      [`${name} k soon nx XX`, NX_CLASH],
      [`${name} k soon GT nx`, NX_CLASH],
      [`${name} k soon lt NX gt`, NX_CLASH],
      [`${name} k soon lt gt`, GT_LT_CLASH],
      [`${name} k soon xx lt gt`, GT_LT_CLASH],
      ['SET k v', 'OK'],
      [`${name} k ${far}`, 1],
      ['TTL k', 100],
      ['PTTL k', 100_000],
      ['EXPIRETIME k', NOW / 1000 + 100],
      ['PEXPIRETIME k', NOW + 100_000],
      ['GET k', 'v'],
    ])
  })
}

test('limits of the moment', () => {
  const seconds = 9223372036854775n
  const nowSeconds = BigInt(NOW / 1000)
  const rows: Row[] = [
    ['SET k v', 'OK'],
    [`EXPIREAT k ${seconds + 1n}`, invalidTime('expireat')],
    [`EXPIREAT k ${seconds}`, 1],
    ['TTL k', seconds - nowSeconds + 1n], // rounded to the nearest second
    ['EXPIREAT k 9223372036854775807', invalidTime('expireat')],
    [`EXPIREAT k ${-seconds - 1n}`, invalidTime('expireat')],
    [`EXPIRE k ${seconds - nowSeconds + 1n}`, invalidTime('expire')],
    [`EXPIRE k ${seconds - nowSeconds}`, 1],
    [`EXPIRE k ${-seconds - 1n}`, invalidTime('expire')],
    ['EXPIRE k 9223372036854775807', invalidTime('expire')],
    [`PEXPIRE k ${9223372036854775807n - BigInt(NOW) + 1n}`, invalidTime('pexpire')],
    [`PEXPIRE k ${9223372036854775807n - BigInt(NOW)}`, 1],
    ['PEXPIRETIME k', 9223372036854775807n],
    ['PEXPIREAT k 9223372036854775807', 1],
    ['PEXPIRETIME k', 9223372036854775807n],
    ['EXPIRETIME k', 9223372036854776n],
    [`PEXPIREAT k ${2 ** 53 - 1}`, 1],
    ['PEXPIRETIME k', 2 ** 53 - 1],
    ['PTTL k', 2 ** 53 - 1 - NOW],
    [`EXPIRE k ${-seconds}`, 1], // in range, and past: the key goes
    ['EXISTS k', 0],
  ]
  runTable(rows)
})

test('conditions', () => {
  runTable([
    ['SET k v', 'OK'],
    ['EXPIRE k 100 XX', 0],
    ['EXPIRE k 100 GT', 0],
    ['EXPIRE k 100 XX GT', 0],
    ['EXPIRE k 100 XX LT', 0],
    ['TTL k', -1],
    ['EXPIRE k 100 LT', 1],
    ['EXPIRE k 200 NX', 0],
    ['EXPIRE k 100 GT', 0],
    ['EXPIRE k 100 LT', 0],
    ['EXPIRE k 200 LT', 0],
    ['EXPIRE k 50 GT', 0],
    ['TTL k', 100],
    ['EXPIRE k 200 xx', 1],
    ['EXPIRE k 300 gt', 1],
    ['EXPIRE k 250 XX LT', 1],
    ['EXPIRE k 260 XX GT', 1],
    ['TTL k', 260],
    ['PERSIST k', 1],
    ['EXPIRE k 100 NX', 1],
    ['TTL k', 100],
    // A moment that has passed deletes only if the condition holds.
    ['EXPIRE k -1 GT', 0],
    ['EXPIRE k -1 NX', 0],
    ['EXISTS k', 1],
    ['EXPIRE k -1 LT', 1],
    ['EXISTS k', 0],
  ])
})

test('a moment that has passed, or is now, deletes the key', () => {
  for (const [request, isGone] of [
    ['EXPIRE k 0', true],
    ['EXPIRE k -1', true],
    ['PEXPIRE k 0', true],
    ['EXPIREAT k 0', true],
    [`PEXPIREAT k ${NOW}`, true],
    [`PEXPIREAT k ${NOW + 1}`, false],
    ['PEXPIRE k 1', false],
  ] as const) {
    const store = new TestStore()
    store.send('SET', 'k', 'v')
    const effects = store.recordEffects()
    const events = store.recordEvents()
    assert.equal(ask(store.client, request), 1, request)
    assert.deepEqual(effects, [isGone ? '0: DEL k' : `0: PEXPIREAT k ${NOW + 1}`], request)
    assert.deepEqual(events, [isGone ? 'del k@0' : 'expire k@0'], request)
    assert.equal(store.send('EXISTS', 'k'), isGone ? 0 : 1, request)
    assert.equal(store.store.keyspace.statistics[KeyspaceStat.expired], 0)
    assert.equal(store.store.dirty, 2)
    store.validate()
  }
})

test('with lazyfree-lazy-expire what time deletes is propagated as UNLINK', () => {
  const store = new TestStore({ 'lazyfree-lazy-expire': 'yes' })
  store.send('MSET', 'k', 'v', 'other', 'v')
  store.send('PEXPIRE', 'other', 5)
  const effects = store.recordEffects()
  store.send('EXPIRE', 'k', -1)
  store.time.advance(6)
  store.send('GET', 'other')
  assert.deepEqual(effects, ['0: UNLINK k', '0: UNLINK other'])
  store.send('CONFIG', 'SET', 'lazyfree-lazy-expire', 'no')
  store.send('SET', 'k', 'v')
  store.send('EXPIRE', 'k', -1)
  assert.deepEqual(effects.slice(2), ['0: SET k v', '0: DEL k'])
})

test('effects name the moment, and keep the options', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  const effects = store.recordEffects()
  const events = store.recordEvents()
  const cases: [request: string, effect: string][] = [
    ['EXPIRE k 10', `PEXPIREAT k ${NOW + 10_000}`],
    ['pexpire k 20000 gt', `PEXPIREAT k ${NOW + 20_000} gt`],
    ['ExpireAt k 1700000005 LT XX', `PEXPIREAT k 1700000005000 LT XX`],
    ['PEXPIREAT k 1700000006000 GT', 'PEXPIREAT k 1700000006000 GT'],
    ['PERSIST k', 'PERSIST k'],
    ['PEXPIREAT k 9223372036854775807', 'PEXPIREAT k 9223372036854775807'],
  ]
  for (const [request, effect] of cases) {
    assert.equal(ask(store.client, request), 1, request)
    assert.deepEqual(effects.splice(0), [`0: ${effect}`], request)
    assert.deepEqual(events.splice(0), [request.startsWith('PERSIST') ? 'persist k@0' : 'expire k@0'])
  }
  for (const request of ['EXPIRE k 10 NX', 'EXPIRE none 10', 'PERSIST none'])
    assert.equal(ask(store.client, request), 0)
  assert.deepEqual(effects, [])
  assert.deepEqual(events, [])
})

test('PERSIST', () => {
  runTable([
    ['PERSIST', wrongArity('persist')],
    ['PERSIST k', 0],
    ['SET k v', 'OK'],
    ['PERSIST k', 0],
    ['EXPIRE k 100', 1],
    ['PERSIST k', 1],
    ['PERSIST k', 0],
    ['TTL k', -1],
    ['GET k', 'v'],
  ])
})

test('what is left is rounded to the nearest second, and a missing key is told from one without a time', () => {
  const rows: Row[] = []
  for (const name of ['ttl', 'pttl', 'expiretime', 'pexpiretime']) {
    rows.push([name, wrongArity(name)], [`${name} k`, -2], [`${name} k k`, wrongArity(name)])
  }
  rows.push(['SET k v', 'OK'], ['TTL k', -1], ['PTTL k', -1], ['EXPIRETIME k', -1], ['PEXPIRETIME k', -1])
  for (const [left, seconds] of [
    [1499, 1],
    [1500, 2],
    [499, 0],
    [500, 1],
  ] as const) {
    rows.push([`PEXPIRE k ${left}`, 1], ['TTL k', seconds], ['PTTL k', left])
    rows.push(['EXPIRETIME k', NOW / 1000 + seconds], ['PEXPIRETIME k', NOW + left])
  }
  runTable(rows)
})

test('a key lives through the very millisecond of its time', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  store.send('SET', 'k', 'v', 'PX', 100)
  store.time.advance(100)
  assert.equal(store.send('GET', 'k'), 'v')
  assert.equal(store.send('PTTL', 'k'), 0)
  store.time.advance(1)
  assert.equal(store.send('DBSIZE'), 1)
  assert.equal(store.send('TTL', 'k'), -2)
  assert.equal(store.send('DBSIZE'), 0)
})

test('values of any type keep their value when their time changes', () => {
  const store = new TestStore()
  const owner = new ChainOwner(store.store.keyspace)
  const database = store.store.keyspace.databases[0]!
  const empty = store.store.usedMemory
  addChain(database, owner, 'chain', 5)
  store.send('MSET', 'int', 42, 'short', 'v', 'long', 'x'.repeat(1000))
  for (const key of ['chain', 'int', 'short', 'long']) {
    assert.equal(store.send('EXPIRE', key, 100), 1)
    assert.equal(store.send('EXPIRE', key, 200), 1)
    assert.equal(store.send('TTL', key), 200)
    assert.equal(store.send('PERSIST', key), 1)
    assert.equal(store.send('EXPIRE', key, 100), 1)
  }
  assert.deepEqual(store.send('MGET', 'int', 'short', 'long'), ['42', 'v', 'x'.repeat(1000)])
  store.validate()
  store.store.keyspace.expiresActively = false
  store.time.advance(100_001)
  for (const key of ['chain', 'int', 'short', 'long']) assert.equal(store.send('EXISTS', key), 0)
  assert.equal(store.store.usedMemory, empty)
})

test('where keys are not deleted by time, moments that have passed are set', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  store.store.isReplica = true
  store.store.keyspace.deletesExpired = false
  assert.equal(store.send('EXPIREAT', 'k', 1), 1)
  assert.equal(store.send('DBSIZE'), 1)
  assert.equal(store.send('GET', 'k'), null)
})
