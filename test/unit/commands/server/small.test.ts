import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { ask, NOT_AN_INTEGER, runTable, wrongArity } from './requests.js'

test('SWAPDB exchanges keys, with their expiry', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  ask(store, 'SET a 1 EX 100')
  assert.equal(ask(store, 'SWAPDB 0 5'), 'OK')
  assert.equal(ask(store, 'GET a'), null)
  ask(store, 'SELECT 5')
  assert.equal(ask(store, 'GET a'), '1')
  assert.equal(ask(store, 'TTL a'), 100)
  assert.equal(ask(store, 'SWAPDB 5 5'), 'OK')
  assert.equal(ask(store, 'GET a'), '1')
  assert.deepEqual(effects.slice(1), ['0: SWAPDB 0 5', '5: SWAPDB 5 5'])
  assert.equal(store.store.dirty, 3)
  store.validate()
})

test('SWAPDB: errors', () => {
  runTable([
    ['SWAPDB 0', wrongArity('swapdb')],
    ['SWAPDB a 1', 'ERR invalid first DB index'],
    ['SWAPDB 1 b', 'ERR invalid second DB index'],
    ['SWAPDB 99999999999 b', 'ERR invalid first DB index'],
    ['SWAPDB 1 -2147483648', 'ERR DB index is out of range'],
    ['SWAPDB 0 16', 'ERR DB index is out of range'],
    ['SWAPDB -1 0', 'ERR DB index is out of range'],
  ])
})

test('SWAPDB spoils a transaction when the watched key becomes another', () => {
  const store = new TestStore()
  ask(store, 'SET a 1')
  ask(store, 'WATCH a')
  store.connect().send('SWAPDB', 0, 1)
  ask(store, 'MULTI')
  ask(store, 'PING')
  assert.equal(ask(store, 'EXEC'), null)
})

test('TIME tells the time of the store', () => {
  const store = new TestStore()
  assert.deepEqual(ask(store, 'TIME'), ['1700000000', '0'])
  store.time.advance(1234)
  assert.deepEqual(ask(store, 'TIME'), ['1700000001', '234000'])
  assert.equal(ask(store, 'TIME x'), wrongArity('time'))
})

test('LOLWUT draws something and ends with the versions', () => {
  const store = new TestStore()
  const drawing = String(ask(store, 'LOLWUT'))
  assert.match(drawing, /Redis ver\. 7\.2\.4\nSpinel ver\. \d+\.\d+\.\d+\n$/)
  assert.match(drawing, /[\u2801-\u28ff]{3}/)
  assert.notEqual(ask(store, 'LOLWUT'), drawing)
  for (const request of ['LOLWUT VERSION 5', 'LOLWUT version 6 20', 'LOLWUT 10', 'LOLWUT 100000', 'LOLWUT -7']) {
    assert.match(String(ask(store, request)), /Redis ver/)
  }
  assert.equal(ask(store, 'LOLWUT VERSION x'), NOT_AN_INTEGER)
  assert.match(String(ask(store, 'LOLWUT x')), /Redis ver/)
})

test('a command that is to come says so and counts as an error', () => {
  const store = new TestStore()
  assert.equal(ask(store, 'rEpLicAof a 1'), "ERR command 'replicaof' is not built yet in Spinel")
  assert.match(String(ask(store, 'nosuch a 1')), /^ERR unknown command 'nosuch', with args beginning with: 'a' '1'/)
  assert.equal(store.store.executor.errorCounts.get('ERR'), 2)
})

test('rename-command: the new name serves, the old one is unknown, an empty one takes the command away', () => {
  const store = new TestStore({ 'rename-command dbsize': 'count', 'rename-command time': '""' })
  assert.equal(ask(store, 'COUNT'), 0)
  assert.match(String(ask(store, 'DBSIZE')), /^ERR unknown command/)
  assert.match(String(ask(store, 'TIME')), /^ERR unknown command/)
  assert.equal(ask(store, 'COUNT x'), wrongArity('dbsize'))
})
