import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { ask, NOT_AN_INTEGER, runTable, SYNTAX, wrongArity } from './requests.js'

test('MEMORY: errors and the missing key', () => {
  runTable([
    ['MEMORY', wrongArity('memory')],
    ['MEMORY NOSUCH', "ERR unknown subcommand 'NOSUCH'. Try MEMORY HELP."],
    ['MEMORY USAGE', wrongArity('memory|usage')],
    ['MEMORY USAGE k', null],
    ['MEMORY USAGE k SAMPLES', SYNTAX],
    ['MEMORY USAGE k SAMPLES x', NOT_AN_INTEGER],
    ['MEMORY USAGE k SAMPLES -1', SYNTAX],
    ['MEMORY USAGE k NOSUCH 1', SYNTAX],
    ['MEMORY USAGE k SAMPLES 0 samples 3', null],
    ['MEMORY PURGE', 'OK'],
    ['MEMORY PURGE x', wrongArity('memory|purge')],
    ['MEMORY DOCTOR x', wrongArity('memory|doctor')],
  ])
})

test('MEMORY USAGE: what a key takes is what the arena gave for it, and its share of the table', () => {
  const store = new TestStore()
  const sizes: readonly (readonly [key: string, value: string])[] = [
    ['int', '12345'],
    ['short', 'x'],
    ['inline', 'x'.repeat(200)],
    ['block', 'x'.repeat(5000)],
    ['pages', 'x'.repeat(300_000)],
    ['k'.repeat(70_000), 'x'],
  ]
  for (const [key, value] of sizes) {
    store.send('FLUSHALL')
    store.send('SET', key, value)
    const used = store.store.keyspace.arena.usedBytes
    const directoryBytes = 16
    assert.equal(store.send('MEMORY', 'USAGE', key), used + directoryBytes, key.slice(0, 10))
  }
})

test('MEMORY STATS: its fields, and figures that fit together', () => {
  const store = new TestStore()
  store.send('SET', 'a', 'x'.repeat(1000))
  store.send('SET', 'b', 'x', 'EX', 100)
  store.client.client.reply.protocol = 3
  const stats = store.send('MEMORY', 'STATS') as Map<string, unknown>
  assert.equal(stats.size, 28)
  assert.equal(stats.get('keys.count'), 2)
  const total = Number(stats.get('total.allocated'))
  assert.equal(total, Number(stats.get('overhead.total')) + Number(stats.get('dataset.bytes')))
  assert.ok(Number(stats.get('peak.allocated')) >= total)
  assert.ok(Number(stats.get('dataset.bytes')) >= 1000)
  const database = stats.get('db.0') as Map<string, number>
  assert.deepEqual(
    [...database.keys()],
    ['overhead.hashtable.main', 'overhead.hashtable.expires', 'overhead.hashtable.slot-to-keys'],
  )
})

test('MEMORY DOCTOR judges only when there is something in memory', () => {
  const store = new TestStore()
  assert.match(String(ask(store, 'MEMORY DOCTOR')), /nothing to judge/)
  for (let i = 0; i < 7; i++) store.send('SET', `k${i}`, new Uint8Array(1 << 20))
  assert.match(String(ask(store, 'MEMORY DOCTOR')), /Resident size/)
  for (let i = 1; i < 7; i++) store.send('DEL', `k${i}`)
  store.send('SET', 'k', new Uint8Array(5 << 20))
  store.send('DEL', 'k0')
  assert.doesNotMatch(String(ask(store, 'MEMORY DOCTOR')), /nothing to judge/)
})

test('MEMORY MALLOC-STATS lists the size classes in use', () => {
  const store = new TestStore()
  store.send('SET', 'a', 'x')
  const report = String(ask(store, 'MEMORY MALLOC-STATS'))
  assert.match(report, /^___ Spinel arena ___\n/)
  assert.match(report, /\n +64 +1 +64 +1 /)
})
