/** The list commands that do not wait, in both protocols and both encodings. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { NOT_AN_INTEGER, type Row, send, SYNTAX, words, WRONG_TYPE, wrongArity } from '../string/table.js'
import { validateLists } from './check.js'

const NOT_POSITIVE = 'ERR value is out of range, must be positive'

/** Under the default limits, and where three elements make a quicklist, with and without compression and plain nodes. */
const SETTINGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'list-max-listpack-size': '2' },
  { 'list-max-listpack-size': '2', 'list-compress-depth': '1' },
  { 'list-max-listpack-size': '1', 'large-bytes': '2' },
]

function runTable(rows: readonly Row[]): void {
  for (const { 'large-bytes': large, ...options } of SETTINGS) {
    for (const protocol of [2, 3] as const) {
      const store = new TestStore(options)
      if (large !== undefined) store.store.keyspace.lists.setLargeBytes(Number(large))
      store.client.client.reply.protocol = protocol
      send(store, 'SET', 'text', 'x')
      for (const [request, reply] of rows) {
        const context = `RESP${protocol} ${JSON.stringify(options)}: ${request}`
        assert.deepEqual(send(store, ...words(request)), reply, context)
        validateLists(store)
      }
      store.validate()
    }
  }
}

test('LPUSH, RPUSH, LPUSHX, RPUSHX, LLEN, LRANGE', () => {
  runTable([
    ['LPUSH', wrongArity('lpush')],
    ['LPUSH l', wrongArity('lpush')],
    ['RPUSHX l a', 0],
    ['LPUSHX l a', 0],
    ['EXISTS l', 0],
    ['LLEN l', 0],
    ['LRANGE l 0 -1', []],
    ['LPUSH text a', WRONG_TYPE],
    ['RPUSHX text a', WRONG_TYPE],
    ['LLEN text', WRONG_TYPE],
    ['LRANGE text 0 -1', WRONG_TYPE],
    ['LRANGE text x y', NOT_AN_INTEGER],
    ['RPUSH l 1 b 333', 3],
    ['LPUSH l 0 a', 5],
    ['RPUSHX l 9223372036854775807', 6],
    ["LPUSHX l ''", 7],
    ['LLEN l', 7],
    ['TYPE l', 'list'],
    ['LRANGE l 0 -1', ['', 'a', '0', '1', 'b', '333', '9223372036854775807']],
    ['LRANGE l 1 2', ['a', '0']],
    ['LRANGE l -2 100', ['333', '9223372036854775807']],
    ['LRANGE l -100 0', ['']],
    ['LRANGE l 5 4', []],
    ['LRANGE l 7 10', []],
    ['LRANGE l 0 9223372036854775807', ['', 'a', '0', '1', 'b', '333', '9223372036854775807']],
    ['LRANGE l 0 9223372036854775808', NOT_AN_INTEGER],
  ])
})

test('LPOP, RPOP', () => {
  runTable([
    ['LPOP l', null],
    ['RPOP l 5', null],
    ['LPOP l 0', null],
    ['LPOP l -1', NOT_POSITIVE],
    ['LPOP l x', NOT_POSITIVE],
    ['LPOP l 1 2', wrongArity('lpop')],
    ['RPOP text', WRONG_TYPE],
    ['LPOP text 1', WRONG_TYPE],
    ['RPUSH l a b c d e f g', 7],
    ['LPOP l', 'a'],
    ['RPOP l', 'g'],
    ['LPOP l 0', []],
    ['LPOP l 2', ['b', 'c']],
    ['RPOP l 2', ['f', 'e']],
    ['RPOP l 9', ['d']],
    ['EXISTS l', 0],
    ['RPUSH l 1', 1],
    ['LPOP l', '1'],
    ['EXISTS l', 0],
  ])
})

test('LINDEX, LSET, LINSERT', () => {
  runTable([
    ['LINDEX l 0', null],
    ['LINDEX l x', null],
    ['LSET l 0 a', 'ERR no such key'],
    ['LINSERT l before a b', 0],
    ['LINSERT l beside a b', SYNTAX],
    ['LINDEX text 0', WRONG_TYPE],
    ['LSET text x a', WRONG_TYPE],
    ['LINSERT text AFTER a b', WRONG_TYPE],
    ['RPUSH l a b c d e', 5],
    ['LINDEX l x', NOT_AN_INTEGER],
    ['LINDEX l 2', 'c'],
    ['LINDEX l -5', 'a'],
    ['LINDEX l 5', null],
    ['LINDEX l -6', null],
    ['LSET l x y', NOT_AN_INTEGER],
    ['LSET l 5 y', 'ERR index out of range'],
    ['LSET l -6 y', 'ERR index out of range'],
    ['LSET l 2 longer', 'OK'],
    ['LSET l -1 7', 'OK'],
    ['LSET l 0 first', 'OK'],
    ['LRANGE l 0 -1', ['first', 'b', 'longer', 'd', '7']],
    ['LINSERT l BEFORE first zero', 6],
    ['LINSERT l after 7 8', 7],
    ['LINSERT l AFTER longer longest', 8],
    ['LINSERT l before d x', 9],
    ['LINSERT l before none x', -1],
    ['LRANGE l 0 -1', ['zero', 'first', 'b', 'longer', 'longest', 'x', 'd', '7', '8']],
  ])
})

test('LTRIM, LREM', () => {
  runTable([
    ['LTRIM l 0 -1', 'OK'],
    ['LREM l 0 a', 0],
    ['LTRIM l x 1', NOT_AN_INTEGER],
    ['LREM l x a', NOT_AN_INTEGER],
    ['LTRIM text 0 1', WRONG_TYPE],
    ['LREM text 0 a', WRONG_TYPE],
    ['RPUSH l a b a c a d a 12 a 12', 10],
    ['LREM l 2 a', 2],
    ['LRANGE l 0 -1', ['b', 'c', 'a', 'd', 'a', '12', 'a', '12']],
    ['LREM l -1 a', 1],
    ['LREM l 0 12', 2],
    ['LREM l 0 none', 0],
    ['LRANGE l 0 -1', ['b', 'c', 'a', 'd', 'a']],
    ['LTRIM l 1 -2', 'OK'],
    ['LRANGE l 0 -1', ['c', 'a', 'd']],
    ['LTRIM l -2 100', 'OK'],
    ['LRANGE l 0 -1', ['a', 'd']],
    ['LTRIM l 2 5', 'OK'],
    ['EXISTS l', 0],
    ['RPUSH l a a', 2],
    ['LREM l -5 a', 2],
    ['EXISTS l', 0],
  ])
})

test('LPOS', () => {
  runTable([
    ['LPOS l a', null],
    ['LPOS l a COUNT 1', []],
    ['LPOS text a', WRONG_TYPE],
    ['RPUSH l a b c 1 2 3 c c', 8],
    ['LPOS l c', 2],
    ['LPOS l 3', 5],
    ['LPOS l none', null],
    ['LPOS l c RANK 2', 6],
    ['LPOS l c rank -1', 7],
    ['LPOS l c RANK 4', null],
    ['LPOS l c COUNT 2', [2, 6]],
    ['LPOS l c COUNT 0', [2, 6, 7]],
    ['LPOS l c COUNT 0 RANK -2', [6, 2]],
    ['LPOS l c COUNT 0 RANK 4', []],
    ['LPOS l c COUNT 0 MAXLEN 7', [2, 6]],
    ['LPOS l c MAXLEN 2', null],
    ['LPOS l c RANK -1 MAXLEN 1 COUNT 5', [7]],
    ['LPOS l c RANK 0', "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list"], // prettier-ignore
    ['LPOS l c RANK x', NOT_AN_INTEGER],
    ['LPOS l c RANK -9223372036854775808', 'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807'], // prettier-ignore
    ['LPOS l c COUNT -1', "ERR COUNT can't be negative"],
    ['LPOS l c MAXLEN -1', "ERR MAXLEN can't be negative"],
    ['LPOS l c MAXLEN', SYNTAX],
    ['LPOS l c FOO 1', SYNTAX],
  ])
})

test('LMOVE, RPOPLPUSH', () => {
  runTable([
    ['LMOVE a b left up', SYNTAX],
    ['LMOVE a b up left', SYNTAX],
    ['LMOVE a b LEFT RIGHT', null],
    ['RPOPLPUSH a b', null],
    ['LMOVE text b left left', WRONG_TYPE],
    ['RPUSH a 1 2 3 4 5', 5],
    ['RPOPLPUSH a text', WRONG_TYPE],
    ['LMOVE a b LEFT RIGHT', '1'],
    ['LMOVE a b right LEFT', '5'],
    ['RPOPLPUSH a b', '4'],
    ['LRANGE a 0 -1', ['2', '3']],
    ['LRANGE b 0 -1', ['4', '5', '1']],
    ['LMOVE b b left right', '4'],
    ['LMOVE b b left left', '5'],
    ['RPOPLPUSH b b', '4'],
    ['LRANGE b 0 -1', ['4', '5', '1']],
    ['RPOPLPUSH a b', '3'],
    ['RPOPLPUSH a b', '2'],
    ['EXISTS a', 0],
    ['RPUSH a x', 1],
    ['RPOPLPUSH a a', 'x'],
    ['LRANGE a 0 -1', ['x']],
  ])
})

test('LMPOP', () => {
  const numkeys = 'ERR numkeys should be greater than 0'
  const count = 'ERR count should be greater than 0'
  runTable([
    ['LMPOP 1 a', wrongArity('lmpop')],
    ['LMPOP 0 a left', numkeys],
    ['LMPOP x a left', numkeys],
    ['LMPOP 2 a left', SYNTAX],
    ['LMPOP 1 a up', SYNTAX],
    ['LMPOP 1 a left COUNT', SYNTAX],
    ['LMPOP 1 a left COUNT 0', count],
    ['LMPOP 1 a left COUNT x', count],
    ['LMPOP 1 a left COUNT 1 COUNT 1', SYNTAX],
    ['LMPOP 1 a left FOO 1', SYNTAX],
    ['LMPOP 2 a b left', null],
    ['LMPOP 2 a text left', WRONG_TYPE],
    ['RPUSH b 1 2 3 4', 4],
    ['LMPOP 3 a b text left', ['b', ['1']]],
    ['LMPOP 2 a b RIGHT count 2', ['b', ['4', '3']]],
    ['LMPOP 1 b left count 9', ['b', ['2']]],
    ['EXISTS b', 0],
  ])
})

test('encodings follow the limits, growing and shrinking', () => {
  const store = new TestStore({ 'list-max-listpack-size': '4' })
  const encoding = (): unknown => store.send('OBJECT', 'ENCODING', 'l')
  store.send('RPUSH', 'l', '1', '2', '3', '4')
  assert.equal(encoding(), 'listpack')
  store.send('RPUSH', 'l', '5')
  assert.equal(encoding(), 'quicklist')
  store.send('LPOP', 'l', '2')
  assert.equal(encoding(), 'quicklist') // still two nodes
  store.send('RPOP', 'l')
  assert.equal(encoding(), 'listpack') // one node of two elements: half the limit
  store.send('CONFIG', 'SET', 'list-max-listpack-size', '-1')
  store.send('RPUSH', 'l', 'x'.repeat(5000))
  assert.equal(encoding(), 'quicklist')
  store.send('LSET', 'l', '-1', 'y')
  assert.equal(encoding(), 'quicklist') // two nodes, the small element beside the other two
  store.send('RPOP', 'l')
  assert.equal(encoding(), 'listpack')
  store.validate()
})

test('effects and events', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  store.send('RPUSH', 'a', '1', '2', '3', '4')
  store.send('LTRIM', 'a', '0', '-1')
  store.send('LREM', 'a', '0', 'none')
  store.send('LMPOP', '2', 'none', 'a', 'LEFT', 'COUNT', '2')
  store.send('RPOPLPUSH', 'a', 'b')
  store.send('LMOVE', 'a', 'b', 'LEFT', 'LEFT')
  store.send('BLPOP', 'b', '0')
  store.send('BLMOVE', 'b', 'c', 'LEFT', 'RIGHT', '0')
  store.send('BRPOPLPUSH', 'c', 'd', '0')
  store.send('BLMPOP', '0', '1', 'd', 'RIGHT', 'COUNT', '7')
  assert.deepEqual(effects, [
    '0: RPUSH a 1 2 3 4',
    '0: LPOP a 2',
    '0: RPOPLPUSH a b',
    '0: LMOVE a b LEFT LEFT',
    '0: LPOP b',
    '0: LMOVE b c LEFT RIGHT',
    '0: RPOPLPUSH c d',
    '0: RPOP d 1',
  ])
  assert.deepEqual(events, [
    'new a@0', 'rpush a@0', 'ltrim a@0', 'lpop a@0',
    'new b@0', 'lpush b@0', 'rpop a@0', 'lpush b@0', 'lpop a@0', 'del a@0', 'lpop b@0',
    'new c@0', 'rpush c@0', 'lpop b@0', 'del b@0', 'new d@0', 'lpush d@0', 'rpop c@0', 'del c@0', 'rpop d@0', 'del d@0',
  ]) // prettier-ignore
})

test('large lists are freed in slices, copied, and measured', () => {
  const store = new TestStore({ 'list-compress-depth': '1' })
  const before = store.store.keyspace.arena.usedBytes
  for (let i = 0; i < 3000; i++) store.send('RPUSH', 'l', `element ${i} ${'x'.repeat(100)}`)
  store.send('COPY', 'l', 'm')
  assert.deepEqual(store.send('LRANGE', 'm', '1500', '1500'), [`element 1500 ${'x'.repeat(100)}`])
  assert.equal(store.send('LLEN', 'm'), 3000)
  assert.ok((store.send('MEMORY', 'USAGE', 'm', 'SAMPLES', '0') as number) > 3000)
  validateLists(store)
  store.send('UNLINK', 'l', 'm')
  store.time.advance(1000)
  store.validate()
  assert.ok(store.store.keyspace.arena.usedBytes - before < 100_000)
})
