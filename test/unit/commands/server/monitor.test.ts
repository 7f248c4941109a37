import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { State } from '../../../../src/engine/command.js'
import { TestStore } from '../../../support/test-store.js'
import { plain, wrongArity } from '../connection/rows.js'

const OWN = "ERR Replica can't interact with the keyspace"

/** A store with one client that monitors. */
function monitored(): { store: TestStore; lines: () => string[] } {
  const store = new TestStore()
  const monitor = store.connect()
  assert.equal(monitor.send('MONITOR'), 'OK')
  const lines = (): string[] =>
    monitor.takeOutput().split('\r\n').slice(0, -1).map((line) => line.replace(/^\+\d+\.\d{6} /, '')) // prettier-ignore
  return { store, lines }
}

describe('MONITOR', () => {
  test('shows time, database, address and words', () => {
    const store = new TestStore()
    const monitor = store.connect()
    monitor.send('MONITOR')
    store.time.nowMs = 1_700_000_000_042
    store.send('SELECT', 3)
    store.send('SET', 'k', 'v')
    assert.equal(
      monitor.takeOutput(),
      '+1700000000.042000 [3 127.0.0.1:1111] "SELECT" "3"\r\n+1700000000.042000 [3 127.0.0.1:1111] "SET" "k" "v"\r\n',
    )
  })

  test('escapes what is not printable', () => {
    const { lines, store } = monitored()
    store.send('ECHO', 'a b"\\\n\r\t\x07\b\0\x7f\xff')
    assert.deepEqual(lines(), ['[0 127.0.0.1:1111] "ECHO" "a b\\"\\\\\\n\\r\\t\\a\\b\\x00\\x7f\\xff"'])
    store.send('ECHO', '\0'.repeat(100_000))
    assert.equal(lines()[0]!.length, 400_000 + '[0 127.0.0.1:1111] "ECHO" ""'.length)
    store.send('PING')
    assert.deepEqual(lines(), ['[0 127.0.0.1:1111] "PING"'])
  })

  test('shows commands as they end: those of a transaction before EXEC', () => {
    const { lines, store } = monitored()
    for (const request of [['MULTI'], ['SET', 'k', 'v'], ['GET', 'k'], ['EXEC']]) store.send(...request)
    assert.deepEqual(lines().map((line) => line.split(' ')[2]), ['"MULTI"', '"SET"', '"GET"', '"EXEC"']) // prettier-ignore
    for (const request of [['MULTI'], ['NONSENSE'], ['EXEC']]) store.send(...request)
    assert.deepEqual(lines().map((line) => line.split(' ')[2]), ['"MULTI"', '"EXEC"']) // prettier-ignore
  })

  test('shows neither commands of administrators nor those refused before they ran', () => {
    const { lines, store } = monitored()
    store.send('CONFIG', 'GET', 'port')
    store.send('SLOWLOG', 'LEN')
    store.send('CLIENT', 'LIST')
    store.send('NONSENSE')
    store.send('GET')
    store.send('CLIENT', 'ID')
    store.send('INCR', 'k')
    store.send('GETRANGE', 'k', 'x', 'y')
    assert.deepEqual(lines().map((line) => line.slice(line.indexOf(']') + 2)), ['"CLIENT" "ID"', '"INCR" "k"', '"GETRANGE" "k" "x" "y"']) // prettier-ignore
  })

  test('hides secrets', () => {
    const { lines, store } = monitored()
    store.send('AUTH', 'hidden')
    store.send('AUTH', 'me', 'hidden')
    store.send('HELLO', 3, 'AUTH', 'me', 'hidden', 'SETNAME', 'x')
    assert.deepEqual(lines().map((line) => line.slice(line.indexOf(']') + 2)), [
      '"AUTH" "(redacted)"',
      '"AUTH" "(redacted)" "(redacted)"',
      '"HELLO" "3" "AUTH" "(redacted)" "(redacted)" "SETNAME" "x"',
    ]) // prettier-ignore
  })

  test('is for one purpose: a monitor does not touch keys', () => {
    const store = new TestStore()
    store.send('MONITOR')
    store.client.takeOutput()
    assert.equal(plain(store.send('GET', 'k')), OWN)
    assert.equal(plain(store.send('SET', 'k', 'v')), OWN)
    store.client.takeOutput()
    assert.match(store.client.sendRaw('PING'), /^\+PONG\r\n\+[\d.]+ \[0 127\.0\.0\.1:1111\] "PING"\r\n$/)
    assert.equal(store.client.sendRaw('MONITOR'), '')
    assert.match(store.send('CLIENT', 'INFO') as string, / flags=O /)
    assert.equal(plain(store.send('MONITOR', 'x')), wrongArity('monitor'))
  })

  test('ends by RESET and when the client goes', () => {
    const store = new TestStore()
    const [first, second] = [store.connect(), store.connect()]
    first.send('MONITOR')
    second.send('MONITOR')
    first.sendRaw('RESET')
    store.send('PING')
    assert.equal(first.takeOutput(), '')
    assert.notEqual(second.takeOutput(), '')
    assert.equal(first.send('GET', 'k'), null)
    store.store.clients.remove(second.client)
    assert.equal(store.store.executor.monitor, undefined)
  })

  test('is silent to clients that want no replies, and while data is loaded', () => {
    const { lines, store } = monitored()
    const muted = store.connect()
    muted.send('MONITOR')
    muted.sendRaw('CLIENT', 'REPLY', 'OFF')
    store.send('PING')
    assert.equal(muted.takeOutput(), '')
    assert.notDeepEqual(lines(), [])
    store.store.state |= State.loading
    store.send('CLIENT', 'ID')
    assert.deepEqual(lines(), [])
  })

  test('is not paused', () => {
    const store = new TestStore()
    const monitor = store.connect()
    monitor.send('MONITOR')
    store.send('CLIENT', 'PAUSE', 100_000, 'ALL')
    assert.match(monitor.sendRaw('PING'), /^\+PONG/)
  })
})
