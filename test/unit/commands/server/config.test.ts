import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../../support/test-store.js'
import { ask, runTable, SYNTAX, wrongArity } from './requests.js'

test('CONFIG SET and its errors', () => {
  runTable([
    ['CONFIG', wrongArity('config')],
    ['CONFIG NOSUCH', "ERR unknown subcommand 'NOSUCH'. Try CONFIG HELP."],
    ['CONFIG SET maxmemory', wrongArity('config|set')],
    ['CONFIG SET maxmemory 1 hz', SYNTAX],
    ['CONFIG SET nosuch 1', "ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'"],
    ['CONFIG SET maxmemory 100mb HZ 20', 'OK'],
    [
      'CONFIG SET databases 3',
      "ERR CONFIG SET failed (possibly related to argument 'databases') - can't set immutable config",
    ],
    ['CONFIG SET hz 1 hz 2', "ERR CONFIG SET failed (possibly related to argument 'hz') - duplicate parameter"],
    ['CONFIG REWRITE', 'ERR The server is running without a config file'],
    ['CONFIG RESETSTAT x', wrongArity('config|resetstat')],
    ['CONFIG RESETSTAT', 'OK'],
  ])
})

test('CONFIG GET: a map, several patterns, each parameter once', () => {
  const store = new TestStore()
  assert.deepEqual(ask(store, 'CONFIG GET hz maxmem*ry HZ nosuch'), ['hz', '10', 'maxmemory', '0'])
  store.client.client.reply.protocol = 3
  assert.equal(store.client.sendRaw('CONFIG', 'GET', 'hz'), '%1\r\n$2\r\nhz\r\n$2\r\n10\r\n')
  assert.equal(store.client.sendRaw('CONFIG', 'GET', 'nosuch'), '%0\r\n')
})

test('CONFIG SET is all or nothing', () => {
  const store = new TestStore()
  assert.match(String(ask(store, 'CONFIG SET hz 20 maxmemory-policy nosuch')), /^ERR CONFIG SET failed/)
  assert.deepEqual(ask(store, 'CONFIG GET hz'), ['hz', '10'])
})

test('CONFIG SET that takes time holds its client back and answers later', async () => {
  const store = new TestStore()
  let settle: (reason: string | undefined) => void = () => {}
  store.store.config.onChange(['timeout'], () => new Promise((resolve) => (settle = resolve)))

  assert.equal(ask(store, 'CONFIG SET timeout 5'), undefined)
  settle(undefined)
  await Promise.resolve().then(() => {})
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(store.client.takeOutput(), '+OK\r\n')

  ask(store, 'CONFIG SET timeout 6')
  settle('no way')
  await new Promise((resolve) => setImmediate(resolve))
  settle(undefined) // the old value being put back
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(
    store.client.takeOutput(),
    "-ERR CONFIG SET failed (possibly related to argument 'timeout') - no way\r\n",
  )
  assert.deepEqual(ask(store, 'CONFIG GET timeout'), ['timeout', '5'])
})

test('CONFIG SET of a port is refused in a transaction, which cannot wait', () => {
  const store = new TestStore()
  ask(store, 'MULTI')
  ask(store, 'CONFIG SET port 7000')
  ask(store, 'CONFIG SET hz 20')
  const replies = ask(store, 'EXEC') as unknown[]
  assert.ok(replies[0] instanceof ReplyError)
  assert.equal(replies[1], 'OK')
})

test('a protected parameter needs permission', () => {
  runTable([
    [
      'CONFIG SET dbfilename x',
      "ERR CONFIG SET failed (possibly related to argument 'dbfilename') - can't set protected config",
    ],
  ])
  runTable([['CONFIG SET dbfilename x', 'OK']], { 'enable-protected-configs': 'local' })
})

test('CONFIG RESETSTAT zeroes counters', () => {
  const store = new TestStore()
  ask(store, 'nosuch')
  ask(store, 'GET a')
  ask(store, 'CONFIG RESETSTAT')
  const info = String(ask(store, 'INFO stats errorstats commandstats'))
  assert.match(info, /total_error_replies:0\r/)
  assert.match(info, /keyspace_misses:0\r/)
  assert.doesNotMatch(info, /errorstat_|cmdstat_get/)
})

test('CONFIG HELP', () => {
  const lines = ask(new TestStore(), 'CONFIG HELP') as string[]
  assert.equal(lines[0], 'CONFIG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
  assert.deepEqual(
    lines
      .filter((line) => !line.startsWith(' '))
      .slice(1)
      .map((line) => line.split(' ')[0]),
    ['GET', 'SET', 'RESETSTAT', 'REWRITE', 'HELP'],
  )
})
