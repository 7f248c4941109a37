import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssertionError } from '../../../src/base/assert.js'
import { crashReport } from '../../../src/server/crash-report.js'
import { TestStore } from '../../support/test-store.js'

test('the report tells what, where, and in which state', () => {
  const { store } = new TestStore()
  const report = crashReport(store, { error: new AssertionError('assertion failed') })
  for (const part of [
    '=== REDIS BUG REPORT START: Cut & paste starting from here ===',
    '=== ASSERTION FAILED ===\n==> assertion failed',
    'crashed by signal: 11',
    '------ STACK TRACE ------\nAssertionError: assertion failed\n    at ',
    '------ INFO OUTPUT ------\n# Server\nredis_version:7.2.4',
    '------ CLIENT LIST OUTPUT ------\nid=1 addr=127.0.0.1:1111',
    '------ CURRENT CLIENT INFO ------\n(no command is running)',
    '------ CONFIG DEBUG OUTPUT ------\n',
    '=== REDIS BUG REPORT END. Make sure to include from START to END. ===',
  ]) {
    assert.ok(report.includes(part), part)
  }
})

test('the command at work is shown, its secrets are not', () => {
  const test = new TestStore()
  let report = ''
  test.store.config.onChange(['requirepass'], () => {
    report = crashReport(test.store, { error: new Error('outer', { cause: 'inner' }) })
    return undefined
  })
  test.send('CONFIG', 'SET', 'requirepass', 'secret')
  assert.match(report, /argc: 4\nargv\[0\]: "CONFIG" \(6 bytes\)[^]*argv\[3\]: "\(redacted\)"/)
  assert.doesNotMatch(report, /secret/)
  assert.match(report, /Guru Meditation: Error: outer/)
  assert.match(report, /Caused by inner/)
})

test('a part that cannot be told does not cost the rest', () => {
  const { store } = new TestStore()
  store.keyspace.arena.statistics = () => {
    throw new Error('all is broken')
  }
  const report = crashReport(store, { signal: 'SIGABRT', number: 6 })
  assert.match(report, /crashed by signal: 6 \(SIGABRT\)/)
  assert.match(report, /INFO OUTPUT ------\n\(not available: Error: all is broken\)/)
  assert.match(report, /BUG REPORT END/)
})
