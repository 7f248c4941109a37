/** RENAME, RENAMENX, MOVE and COPY. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addChain, ChainOwner, chainLength } from '../../../support/chain-values.js'
import { ask, NOT_AN_INTEGER, type Row, runTable, SYNTAX, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const NO_SUCH_KEY = 'ERR no such key'
const SAME_OBJECT = 'ERR source and destination objects are the same'
const NO_DATABASE = 'ERR DB index is out of range'
const NO_INT = 'ERR value is out of range, value must between -2147483648 and 2147483647'

/** Values of every shape a string takes. */
const VALUES = ['42', '9223372036854775807', 'short', 'v'.repeat(100), 'v'.repeat(1000), '~']

test('RENAME', () => {
  const rows: Row[] = [
    ['RENAME a', wrongArity('rename')],
    ['RENAME a b', NO_SUCH_KEY],
    ['RENAME a a', NO_SUCH_KEY],
    ['MSET a 1 b 2', 'OK'],
    ['RENAME a a', 'OK'],
    ['RENAME a b', 'OK'],
    ['GET b', '1'],
    ['EXISTS a', 0],
    ['EXPIRE b 100', 1],
    ["RENAME b ''", 'OK'],
    ["TTL ''", 100],
    ['SET c 3 EX 200', 'OK'],
    ["RENAME '' c", 'OK'],
    ['TTL c', 100],
    ['PERSIST c', 1],
    ['SET d 4 EX 200', 'OK'],
    ['RENAME c d', 'OK'],
    ['TTL d', -1],
    ['GET d', '1'],
    ['DBSIZE', 1],
  ]
  runTable(rows)
})

test('RENAMENX', () => {
  runTable([
    ['RENAMENX a', wrongArity('renamenx')],
    ['RENAMENX a b', NO_SUCH_KEY],
    ['MSET a 1 b 2', 'OK'],
    ['RENAMENX a b', 0],
    ['RENAMENX a a', 0],
    ['RENAMENX a c', 1],
    ['MGET a b c', [null, '2', '1']],
  ])
})

test('MOVE', () => {
  runTable([
    ['MOVE a', wrongArity('move')],
    ['MOVE a x', NOT_AN_INTEGER],
    ['MOVE a 16', NO_DATABASE],
    ['MOVE a -1', NO_DATABASE],
    ['MOVE a 2147483648', NO_INT],
    ['MOVE a 9223372036854775807', NO_INT],
    ['MOVE a 0', SAME_OBJECT],
    ['MOVE a 1', 0],
    ['SET a 1 EX 100', 'OK'],
    ['MOVE a 15', 1],
    ['MOVE a 15', 0],
    ['SET a 2', 'OK'],
    ['MOVE a 15', 0],
    ['GET a', '2'],
    ['SELECT 15', 'OK'],
    ['GET a', '1'],
    ['TTL a', 100],
  ])
})

test('COPY', () => {
  runTable([
    ['COPY a', wrongArity('copy')],
    ['COPY a a', SAME_OBJECT],
    ['COPY a a DB 0', SAME_OBJECT],
    ['COPY a b', 0],
    ['COPY a b NX', SYNTAX],
    ['COPY a b DB', SYNTAX],
    ['COPY a b REPLACE DB', SYNTAX],
    ['COPY a b DB x', NOT_AN_INTEGER],
    ['COPY a b DB 16', NO_DATABASE],
    ['COPY a b DB 2147483648', NO_INT],
    ['COPY a b DB 16 NX', NO_DATABASE],
    ['SET a 1 EX 100', 'OK'],
    ['COPY a a DB 1', 1],
    ['COPY a b', 1],
    ['TTL b', 100],
    ['PERSIST b', 1],
    ['SET b 2', 'OK'],
    ['COPY a b', 0],
    ['GET b', '2'],
    ['copy a b replace db 1 db 0', 1],
    ['MGET a b', ['1', '1']],
    ['TTL b', 100],
    ['SET c 3', 'OK'],
    ['COPY c b REPLACE', 1],
    ['TTL b', -1],
    // What is replaced stays when there is nothing to copy.
    ['COPY none b REPLACE', 0],
    ['GET b', '3'],
    ['SELECT 1', 'OK'],
    ['GET a', '1'],
    ['TTL a', 100],
    ['DBSIZE', 1],
  ])
})

test('values of every shape come through', () => {
  const rows: Row[] = []
  for (const value of VALUES) {
    const read = value.replaceAll('~', ' ')
    rows.push([`SET a ${value}`, 'OK'], ['COPY a copy REPLACE', 1], ['RENAME a renamed', 'OK'], ['MOVE renamed 1', 1])
    rows.push(['GET copy', read], ['SELECT 1', 'OK'], ['GET renamed', read], ['DEL renamed', 1], ['SELECT 0', 'OK'])
    rows.push(['APPEND copy tail', read.length + 4], ['GET copy', `${read}tail`])
  }
  runTable(rows)
  const collection = (name: string): void => {
    const store = new TestStore()
    const { keyspace } = store.store
    const owner = new ChainOwner(keyspace)
    const empty = store.store.usedMemory
    addChain(keyspace.databases[0]!, owner, 'a', 7, store.time.nowMs + 1000)
    addChain(keyspace.databases[1]!, owner, 'b', 3)
    ask(store.client, name)
    const isCopy = name.startsWith('COPY')
    assert.equal(chainLength(keyspace.databases[0]!, owner, 'a'), isCopy ? 7 : -1)
    store.send('DEL', 'a')
    store.send('SELECT', 1)
    assert.equal(chainLength(keyspace.databases[1]!, owner, name.startsWith('MOVE') ? 'a' : 'b'), 7)
    store.validate()
    store.send('FLUSHALL')
    assert.equal(store.store.usedMemory, empty)
  }
  for (const name of ['COPY a b DB 1 REPLACE', 'MOVE a 1']) collection(name)
})

test('a copy is its own', () => {
  const store = new TestStore()
  store.send('SET', 'a', 'x'.repeat(1000))
  store.send('COPY', 'a', 'b')
  store.send('SETRANGE', 'a', 0, 'y')
  assert.equal(store.send('GETRANGE', 'b', 0, 0), 'x')
  assert.deepEqual(
    ['a', 'b'].map((key) => store.send('OBJECT', 'ENCODING', key)),
    ['raw', 'raw'],
  )
})

test('effects and events', () => {
  const store = new TestStore()
  store.send('MSET', 'a', 1, 'b', 2)
  const effects = store.recordEffects()
  const events = store.recordEvents()
  const cases: [request: string, events: string[]][] = [
    ['RENAME a b', ['new b@0', 'rename_from a@0', 'rename_to b@0']],
    ['RENAMENX b c', ['new c@0', 'rename_from b@0', 'rename_to c@0']],
    ['COPY c d', ['new d@0', 'copy_to d@0']],
    ['COPY c d DB 2', ['new d@2', 'copy_to d@2']],
    ['COPY c d REPLACE', ['new d@0', 'copy_to d@0']],
    ['MOVE c 3', ['new c@3', 'move_from c@0', 'move_to c@3']],
  ]
  const dirty = store.store.dirty
  for (const [request, expected] of cases) {
    ask(store.client, request)
    assert.deepEqual(effects.splice(0), [`0: ${request}`])
    assert.deepEqual(events.splice(0), expected, request)
  }
  assert.equal(store.store.dirty - dirty, cases.length)
  for (const request of ['RENAME d d', 'RENAMENX d d', 'MOVE none 1', 'MOVE d 2']) ask(store.client, request)
  assert.deepEqual(effects, [])
  assert.deepEqual(events, [])
  ask(store.client, 'COPY none b')
  assert.deepEqual(events, ['keymiss none@0'])
})

test('keys past their time are no obstacle, and no source', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  for (const [request, reply, expected] of [
    ['RENAMENX a b', 1, ['[', '0: DEL b', '0: RENAMENX a b', ']']],
    ['COPY a b', 1, ['[', '0: DEL b', '0: COPY a b', ']']],
    ['RENAME b a', NO_SUCH_KEY, ['0: DEL b']],
    ['COPY b c', 0, ['0: DEL b']],
    ['MOVE b 1', 0, ['0: DEL b']],
  ] as const) {
    store.send('FLUSHALL')
    store.send('SET', 'a', 1)
    store.send('SET', 'b', 2, 'PX', 5)
    store.time.advance(6)
    const effects = store.recordEffects()
    assert.equal(ask(store.client, request), reply, request)
    assert.deepEqual(effects, expected, request)
  }
})

test('the access clock begins anew', () => {
  const store = new TestStore()
  for (const request of ['RENAME a b', 'COPY a b']) {
    store.send('SET', 'a', 1)
    store.send('DEL', 'b')
    store.send('CLIENT', 'NO-TOUCH', 'on')
    store.time.advance(100_000)
    ask(store.client, request)
    assert.equal(store.send('OBJECT', 'IDLETIME', 'b'), 0)
  }
})

test('out of memory leaves the source as it was', () => {
  const store = new TestStore()
  const { arena } = store.store.keyspace
  store.send('MSET', 'a', 'x'.repeat(1000))
  const allocate = arena.allocate.bind(arena)
  const oom = "OOM command not allowed when used memory > 'maxmemory'."
  for (const [request, allowed] of [
    ['RENAME a b', 0],
    ['COPY a b', 0],
    ['COPY a b', 1],
    ['MOVE a 1', 0],
  ] as const) {
    let left = allowed
    arena.allocate = (bytes) => (left-- > 0 ? allocate(bytes) : 0)
    const reply = ask(store.client, request)
    arena.allocate = allocate
    assert.equal(reply, oom, request)
    assert.equal(store.send('GET', 'a'), 'x'.repeat(1000))
    assert.equal(store.send('EXISTS', 'b'), 0)
    store.validate()
  }
})

test('in a cluster there is one database', () => {
  const store = new TestStore({ 'cluster-enabled': 'yes' })
  assert.equal(ask(store.client, 'MOVE a 1'), 'ERR MOVE is not allowed in cluster mode')
})
