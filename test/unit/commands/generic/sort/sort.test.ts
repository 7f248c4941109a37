/** SORT and SORT_RO. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientFlag } from '../../../../../src/engine/client.js'
import { TestStore } from '../../../../support/test-store.js'
import { runTable } from '../../set/table.js'
import { NOT_AN_INTEGER, type Row, send, SYNTAX, words, WRONG_TYPE } from '../../string/table.js'

const SCORES = "ERR One or more scores can't be converted into double"

function prepare(store: TestStore): void {
  for (const request of [
    'RPUSH l 3 10 -1 2.5 7',
    'RPUSH words b a aa B ~ ab',
    'SADD s 3 1 2',
    'SADD texts z y x',
    'MSET w_3 30 w_10 5 w_-1 c w_7 -2',
    'HSET h_3 f 9 g third',
    'HSET h_10 f 1',
    'SET string v',
  ]) {
    send(store, ...words(request))
  }
}

function table(rows: readonly Row[]): void {
  runTable(rows, prepare)
}

test('by number and by text', () => {
  table([
    ['SORT l', ['-1', '2.5', '3', '7', '10']],
    ['SORT l DESC', ['10', '7', '3', '2.5', '-1']],
    ['SORT l ALPHA', ['-1', '10', '2.5', '3', '7']],
    ['SORT l ALPHA desc asc DESC', ['7', '3', '2.5', '10', '-1']],
    ['SORT words ALPHA', [' ', 'B', 'a', 'aa', 'ab', 'b']],
    ['SORT words', SCORES],
    ['SORT s', ['1', '2', '3']],
    ['SORT texts ALPHA', ['x', 'y', 'z']],
    ['SORT none', []],
    ['SORT_RO l DESC LIMIT 0 2', ['10', '7']],
    ['SORT string', WRONG_TYPE],
    ['SORT_RO string', WRONG_TYPE],
  ])
})

test('what numbers are', () => {
  table([
    ["RPUSH n inf -inf ~5 0x10 1e2 ''", 6],
    ['SORT n', ['-inf', '', ' 5', '0x10', '1e2', 'inf']],
    ['RPUSH nan 1 nan', 2],
    ['SORT nan', SCORES],
    ['RPUSH large 1 1e400', 2],
    ['SORT large', SCORES],
    ['RPUSH tiny 1 1e-400', 2],
    ['SORT tiny', SCORES],
    ['RPUSH subnormal 1 1e-310', 2],
    ['SORT subnormal', SCORES],
    ['RPUSH zero -0.00 0e5 0x0p3', 3],
    ['SORT zero', ['-0.00', '0e5', '0x0p3']],
    ['RPUSH same 3.0 3 03 3', 4],
    ['SORT same', ['03', '3', '3', '3.0']],
    ['SORT same DESC', ['3.0', '3', '3', '03']],
  ])
})

test('LIMIT', () => {
  table([
    ['SORT l LIMIT 1 2', ['2.5', '3']],
    ['SORT l LIMIT -5 2', ['-1', '2.5']],
    ['SORT l LIMIT 3 -1', ['7', '10']],
    ['SORT l LIMIT 4 9223372036854775807', ['10']],
    ['SORT l LIMIT 5 1', []],
    ['SORT l LIMIT 0 0', []],
    ['SORT l BY nosort LIMIT 1 2', ['10', '-1']],
    ['SORT l BY nosort DESC LIMIT 1 2', ['2.5', '-1']],
    ['SORT l BY nosort DESC', ['7', '2.5', '-1', '10', '3']],
    ['SORT l LIMIT x 1', NOT_AN_INTEGER],
    ['SORT l LIMIT 1 x', NOT_AN_INTEGER],
    ['SORT l LIMIT 1', SYNTAX],
    ['SORT l LIMIT', SYNTAX],
  ])
})

test('BY and GET', () => {
  table([
    ['SORT l BY w_*', SCORES],
    ['DEL w_-1', 1],
    ['SORT l BY w_*', ['7', '-1', '2.5', '10', '3']],
    ['SORT l BY w_* ALPHA', ['-1', '2.5', '7', '3', '10']],
    ['SORT l BY w_* ALPHA DESC', ['10', '3', '7', '-1', '2.5']],
    ['SORT l BY h_*->f DESC LIMIT 0 2', ['3', '10']],
    ['SORT l BY h_*->', ['-1', '10', '2.5', '3', '7']],
    ['SORT l GET w_* GET # GET h_*->g', [null, '-1', null, null, '2.5', null, '30', '3', 'third', '-2', '7', null, '5', '10', null]],
    ['SORT l GET none', [null, null, null, null, null]],
    ['SORT l BY string GET string', [null, null, null, null, null]],
    ['SORT l BY *_x GET #x LIMIT 0 1', [null]],
    ['SORT l GET h_* LIMIT 0 1', [null]],
    ['SORT l GET w_*->f LIMIT 2 1', [null]],
    ['SORT l BY', SYNTAX],
    ['SORT l GET', SYNTAX],
    ['SORT l FOO', SYNTAX],
    ['SORT string FOO', SYNTAX],
  ]) // prettier-ignore
})

test('STORE makes a list of the result', () => {
  table([
    ['SORT l STORE d', 5],
    ['LRANGE d 0 -1', ['-1', '2.5', '3', '7', '10']],
    ['OBJECT ENCODING d', 'listpack'],
    ['SORT l GET # GET h_*->g STORE string', 10],
    ['LRANGE string 4 5', ['3', 'third']],
    ['LRANGE string 6 7', ['7', '']],
    ['SORT l DESC STORE l', 5],
    ['LRANGE l 0 -1', ['10', '7', '3', '2.5', '-1']],
    ['SORT texts BY nosort STORE d', 3],
    ['LRANGE d 0 -1', ['x', 'y', 'z']],
    ['EXPIRE d 100', 1],
    ['SORT s BY nosort STORE d', 3],
    ['TTL d', -1],
    ['SORT words STORE d', SCORES],
    ['LLEN d', 3],
    ['SORT none STORE d', 0],
    ['EXISTS d', 0],
    ['SORT none STORE d', 0],
    ['SORT_RO l STORE d', SYNTAX],
    ['SORT l STORE', SYNTAX],
    ['CONFIG SET list-max-listpack-size 3', 'OK'],
    ['SORT l STORE d', 5],
    ['OBJECT ENCODING d', 'quicklist'],
  ])
})

test('texts are compared up to a NUL, but whole for STORE', () => {
  const store = new TestStore()
  send(store, 'RPUSH', 'l', 'a\0z', 'a\0b', 'b', 'a')
  assert.deepEqual(send(store, 'SORT', 'l', 'ALPHA'), ['a\0z', 'a\0b', 'a', 'b'])
  assert.deepEqual(send(store, 'SORT', 'l', 'ALPHA', 'LIMIT', '0', '3'), ['a\0z', 'a\0b', 'a'])
  assert.equal(send(store, 'SORT', 'l', 'ALPHA', 'STORE', 'd'), 4)
  assert.deepEqual(send(store, 'LRANGE', 'd', '0', '-1'), ['a', 'a\0b', 'a\0z', 'b'])
})

test('the members of a set come in order where that matters', () => {
  const store = new TestStore()
  send(store, 'SADD', 's', 'c', 'a', 'b')
  assert.deepEqual(send(store, 'SORT', 's', 'BY', 'nosort'), ['c', 'a', 'b'])
  store.client.client.flags |= ClientFlag.script
  assert.deepEqual(send(store, 'SORT', 's', 'BY', 'nosort', 'DESC'), ['c', 'b', 'a'])
})

test('who may not read all keys has no patterns', () => {
  const store = new TestStore()
  store.store.access.readsEveryKey = () => false
  send(store, 'RPUSH', 'l', '1')
  assert.equal(
    send(store, 'SORT', 'l', 'BY', 'w_*'),
    'ERR BY option of SORT denied due to insufficient ACL permissions.',
  )
  assert.equal(
    send(store, 'SORT', 'l', 'GET', '#'),
    'ERR GET option of SORT denied due to insufficient ACL permissions.',
  )
  assert.deepEqual(send(store, 'SORT', 'l', 'BY', 'nosort'), ['1'])
})

test('effects and events', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  for (const request of ['RPUSH l 2 1', 'SORT l', 'SORT l STORE d', 'SORT none STORE d', 'SORT none STORE d']) {
    send(store, ...words(request))
  }
  assert.deepEqual(effects, ['0: RPUSH l 2 1', '0: SORT l STORE d', '0: SORT none STORE d'])
  assert.deepEqual(
    events.filter((line) => !line.startsWith('new') && !line.startsWith('keymiss')),
    ['rpush l@0', 'sortstore d@0', 'del d@0'],
  )
  assert.equal(store.store.dirty, 2 + 2 + 1)
})

test('keys of a request', () => {
  table([
    ['COMMAND GETKEYS SORT a BY STORE b GET STORE LIMIT STORE 1 STORE c STORE d', ['a', 'd']],
    ['COMMAND GETKEYS SORT_RO a BY b*', ['a']],
    ['COMMAND GETKEYSANDFLAGS SORT a STORE b', [['a', ['RO', 'access']], ['b', ['OW', 'update']]]],
  ]) // prettier-ignore
})

test('many elements, and nothing is left behind', () => {
  const store = new TestStore()
  const { arena, random } = store.store.keyspace
  const numbers = Array.from({ length: 5000 }, () => random.next32() % 3000)
  send(store, 'RPUSH', 'l', ...numbers.map(String))
  const used = arena.usedBytes
  numbers.sort((a, b) => a - b)
  assert.deepEqual(send(store, 'SORT', 'l'), numbers.map(String))
  assert.deepEqual(send(store, 'SORT', 'l', 'LIMIT', '2000', '100'), numbers.slice(2000, 2100).map(String))
  assert.equal(send(store, 'SORT', 'l', 'STORE', 'd'), 5000)
  assert.deepEqual(send(store, 'LRANGE', 'd', '0', '-1'), numbers.map(String))
  send(store, 'DEL', 'd')
  assert.equal(arena.usedBytes, used)
  store.validate()
})
