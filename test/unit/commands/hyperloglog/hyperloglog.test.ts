/** PFADD, PFCOUNT, PFMERGE, PFDEBUG, PFSELFTEST. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withBlocks } from '../../../support/scarce-memory.js'
import { TestStore } from '../../../support/test-store.js'
import { addForeign, encodingOfKey, runTable, send, WRONG_TYPE, wrongArity } from '../string/table.js'

const NOT_ONE = 'WRONGTYPE Key is not a valid HyperLogLog string value.'
const CORRUPT = 'INVALIDOBJ Corrupted HLL object detected'
const HEADER = 'HYLL\x01\0\0\0'
const STALE = '\0\0\0\0\0\0\0\x80'
/** Of the elements a, b and c. */
const ABC_RUNS = '`\xf3\x80P\xb1\x84K\xfb\x80BZ'
const WRONG_RUNS = `${HEADER}${STALE}\x7f\xf0`

test('PFADD and PFCOUNT', () => {
  runTable(
    [
      ['PFADD h', 1],
      ['PFADD h', 0],
      ['STRLEN h', 18],
      ['PFADD h a b c', 1],
      ['PFADD h a b c', 0],
      ['PFADD h c d', 1],
      ['PFCOUNT h', 4],
      ['PFCOUNT h', 4],
      ["PFADD h ''", 1],
      ['PFCOUNT h', 5],
      ['PFCOUNT missing', 0],
      ['PFCOUNT missing h missing', 5],
      ['PFADD other d e', 1],
      ['PFCOUNT h other', 6],
      ['PFADD list a', WRONG_TYPE],
      ['PFCOUNT list', WRONG_TYPE],
      ['PFCOUNT h list', WRONG_TYPE],
      ['SET n 12', 'OK'],
      ['PFADD n a', NOT_ONE],
      ['PFCOUNT n', NOT_ONE],
      ['SET short HYLL', 'OK'],
      ['PFCOUNT short', NOT_ONE],
      ['PFCOUNT h short', NOT_ONE],
      ['PFADD', wrongArity('pfadd')],
      ['PFCOUNT', wrongArity('pfcount')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('the value is a string, byte for byte that of a real server', () => {
  const store = new TestStore()
  send(store, 'PFADD', 'h', 'a', 'b', 'c')
  assert.equal(send(store, 'GET', 'h'), `${HEADER}${STALE}${ABC_RUNS}`)
  assert.equal(send(store, 'PFCOUNT', 'h'), 3)
  assert.equal(send(store, 'GET', 'h'), `${HEADER}\x03\0\0\0\0\0\0\0${ABC_RUNS}`)
  assert.equal(encodingOfKey(store, 'h'), 'raw')
  send(store, 'SET', 'copy', `${HEADER}${STALE}${ABC_RUNS}`)
  assert.equal(encodingOfKey(store, 'copy'), 'embstr')
  assert.equal(send(store, 'PFADD', 'copy', 'a'), 0)
  assert.equal(encodingOfKey(store, 'copy'), 'raw')
  assert.equal(send(store, 'PFCOUNT', 'copy'), 3)
  store.validate()
})

test('an estimate that is kept is believed, up to 63 bits', () => {
  const store = new TestStore()
  send(store, 'SET', 'h', `${HEADER}\xff\xff\xff\xff\xff\xff\xff\x7f${ABC_RUNS}`)
  assert.equal(String(send(store, 'PFCOUNT', 'h')), '9223372036854775807')
  assert.equal(send(store, 'PFCOUNT', 'h', 'missing'), 3)
})

test('runs that do not add up are found when they matter', () => {
  const store = new TestStore()
  for (const request of [['PFCOUNT', 'h'], ['PFCOUNT', 'h', 'x'], ['PFMERGE', 'x', 'h'], ['PFDEBUG', 'GETREG', 'h'], ['PFDEBUG', 'TODENSE', 'h']]) {
    send(store, 'SET', 'h', WRONG_RUNS)
    assert.equal(send(store, ...request), CORRUPT, request.join(' '))
    assert.equal(send(store, 'GET', 'h'), WRONG_RUNS)
    assert.equal(send(store, 'EXISTS', 'x'), 0)
  }
  send(store, 'SET', 'h', `${HEADER}${STALE}`)
  assert.equal(send(store, 'PFADD', 'h', 'a'), CORRUPT)
}) // prettier-ignore

test('a sparse value grows to its limit and becomes dense, keeping its expiry time', () => {
  for (const limit of [0, 100, 300, 3000, 20_000]) {
    const store = new TestStore({ 'hll-sparse-max-bytes': String(limit) })
    let wasSparse = true
    for (let i = 0; i < 3000; i++) {
      send(store, 'PFADD', 'h', `e${i}`)
      if (i === 0) send(store, 'EXPIRE', 'h', '1000')
      if (i % 100 !== 0) continue
      const isSparse = send(store, 'PFDEBUG', 'ENCODING', 'h') === 'sparse'
      assert.ok(wasSparse || !isSparse)
      if (!isSparse) assert.equal(send(store, 'STRLEN', 'h'), 12_304)
      else assert.ok((send(store, 'STRLEN', 'h') as number) <= Math.max(limit, 18))
      wasSparse = isSparse
    }
    assert.equal(wasSparse, limit === 20_000)
    assert.equal(send(store, 'TTL', 'h'), 1000)
    assert.ok(Math.abs((send(store, 'PFCOUNT', 'h') as number) - 3000) < 90)
    store.validate()
  }
})

test('PFMERGE', () => {
  runTable(
    [
      ['PFADD a 1 2 3', 1],
      ['PFADD b 3 4', 1],
      ['PFMERGE t a b missing', 'OK'],
      ['PFCOUNT t', 4],
      ['PFMERGE t', 'OK'],
      ['PFCOUNT t', 4],
      ['PFMERGE new', 'OK'],
      ['STRLEN new', 18],
      ['PFMERGE b a', 'OK'],
      ['PFCOUNT b', 4],
      ['PFDEBUG ENCODING b', 'sparse'],
      ['PFDEBUG TODENSE a', 1],
      ['PFDEBUG TODENSE a', 0],
      ['PFMERGE b a', 'OK'],
      ['PFDEBUG ENCODING b', 'dense'],
      ['PFCOUNT b', 4],
      ['PFMERGE b list', WRONG_TYPE],
      ['PFMERGE list b', WRONG_TYPE],
      ['SET s foo', 'OK'],
      ['PFMERGE b s', NOT_ONE],
      ['PFMERGE', wrongArity('pfmerge')],
    ],
    (store) => addForeign(store, 'list'),
  )
})

test('PFDEBUG and PFSELFTEST', () => {
  runTable([
    ['PFDEBUG DECODE h', 'ERR The specified key does not exist'],
    ['PFADD h a', 1],
    ['PFDEBUG decode h', 'Z:12711 v:2,1 Z:3672'],
    ['PFDEBUG Encoding h', 'sparse'],
    ['PFDEBUG nothing h', "ERR Unknown PFDEBUG subcommand 'nothing'"],
    ['PFDEBUG TODENSE h', 1],
    ['PFDEBUG DECODE h', 'ERR HLL encoding is not sparse'],
    ['SET s foo', 'OK'],
    ['PFDEBUG DECODE s', NOT_ONE],
    ['PFDEBUG GETREG', wrongArity('pfdebug')],
    ['PFDEBUG GETREG h x', wrongArity('pfdebug')],
  ])
  const store = new TestStore()
  send(store, 'PFADD', 'h', 'a')
  const registers = send(store, 'PFDEBUG', 'GETREG', 'h') as number[]
  assert.equal(registers.length, 16_384)
  assert.deepEqual([registers[12_711], registers.reduce((sum, register) => sum + register)], [2, 2])
  assert.equal(send(store, 'PFSELFTEST'), 'OK')
})

test('what is told: changes, events, effects', () => {
  const store = new TestStore({ 'notify-keyspace-events': 'KEA' })
  const effects = store.recordEffects()
  const events = store.recordEvents()
  const dirty = (): number => store.store.dirty
  send(store, 'PFADD', 'h', 'a', 'b')
  assert.equal(dirty(), 3)
  send(store, 'PFADD', 'h', 'a', 'b')
  send(store, 'PFCOUNT', 'h')
  send(store, 'PFCOUNT', 'h')
  assert.equal(dirty(), 4)
  send(store, 'PFMERGE', 't', 'h')
  assert.equal(dirty(), 5)
  send(store, 'PFDEBUG', 'TODENSE', 't')
  assert.equal(dirty(), 6)
  assert.deepEqual(effects, ['0: PFADD h a b', '0: PFCOUNT h', '0: PFMERGE t h', '0: PFDEBUG TODENSE t'])
  assert.deepEqual(
    events.filter((event) => event.startsWith('pf')),
    ['pfadd h@0', 'pfadd t@0'],
  )
})

test('what PFADD and PFMERGE made before memory ran out is told of', () => {
  for (const request of [
    ['PFADD', 'h', 'a', 'b', 'c'],
    ['PFMERGE', 'h', 'other'],
  ]) {
    let failures = 0
    for (let blocks = 0; blocks < 12; blocks++) {
      const store = new TestStore({ 'hll-sparse-max-bytes': '0' })
      send(store, 'PFADD', 'other', 'x', 'y')
      const effects = store.recordEffects()
      const reply = String(withBlocks(store.store.keyspace.arena, blocks, () => send(store, ...request)))
      if (reply.startsWith('OOM')) failures++
      assert.equal(effects.length, Number(send(store, 'EXISTS', 'h')), `${request[0]}, ${blocks} blocks: ${reply}`)
      store.validate()
    }
    assert.ok(failures > 0)
  }
})
