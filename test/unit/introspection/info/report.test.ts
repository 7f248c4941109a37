import assert from 'node:assert/strict'
import { test } from 'node:test'
import { infoFigures } from '../../../../src/introspection/info/figures.js'
import { infoSections } from '../../../../src/introspection/info/report.js'
import { effectiveHz } from '../../../../src/introspection/hertz.js'
import { TestStore } from '../../../support/test-store.js'

test('no field stands twice', () => {
  const names = infoSections.flatMap(({ rows }) => rows.map(({ name }) => name))
  assert.equal(new Set(names).size, names.length)
})

test('a part supplies figures of its own; others show what an idle server shows', () => {
  const store = new TestStore()
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:(.*)\r$`, 'm').exec(String(store.send('INFO', 'everything')))?.[1]
  assert.equal(field('pubsub_channels'), '0')
  assert.equal(field('rdb_last_bgsave_status'), 'ok')
  assert.equal(field('aof_current_size'), undefined)
  const figures = store.store.services.get(infoFigures)
  figures.supply('pubsub_channels', () => 3)
  figures.supply('aof_current_size', () => 17)
  assert.equal(field('pubsub_channels'), '3')
  assert.equal(field('aof_current_size'), '17')
})

test('peak memory survives CONFIG RESETSTAT', () => {
  const store = new TestStore()
  store.send('SET', 'a', new Uint8Array(1_000_000))
  store.send('DEL', 'a')
  store.send('CONFIG', 'RESETSTAT')
  const peak = Number(/used_memory_peak:(\d+)/.exec(String(store.send('INFO', 'memory')))![1])
  assert.ok(peak > 1_000_000)
})

test('chores run more often with many clients', () => {
  const store = new TestStore({ hz: '10' })
  assert.equal(effectiveHz(store.store), 10)
  for (let i = 0; i < 5000; i++) store.connect()
  assert.equal(effectiveHz(store.store), 40)
  store.send('CONFIG', 'SET', 'dynamic-hz', 'no')
  assert.equal(effectiveHz(store.store), 10)
})
