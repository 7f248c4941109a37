/** SINTER, SINTERCARD, SUNION, SDIFF and the commands that store their results, against sets of JavaScript. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { send, SYNTAX, WRONG_TYPE, wrongArity } from '../string/table.js'
import { runTable } from './table.js'

const KEYS = ['i', 'j', 'l', 'm', 'h', 'g', 'none']

/** Sets of every encoding that overlap in many ways. */
function fill(store: TestStore): Map<string, Set<string>> {
  const contents: Record<string, string[]> = {
    i: ['1', '2', '3', '4', '5'],
    j: ['3', '5', '70000', '-9223372036854775808'],
    l: ['1', '3', 'a', 'b'],
    m: ['b', 'c', '5'],
    h: Array.from({ length: 300 }, (_, n) => `${n}x`).concat('3', 'a', 'b', '70000'),
    g: Array.from({ length: 600 }, (_, n) => `${n}`),
  }
  const model = new Map<string, Set<string>>([['none', new Set()]])
  for (const [key, members] of Object.entries(contents)) {
    send(store, 'SADD', key, ...members)
    model.set(key, new Set(members))
  }
  return model
}

function expected(name: string, sets: Set<string>[]): string[] {
  const [first, ...rest] = sets as [Set<string>, ...Set<string>[]]
  if (name === 'SUNION') return [...new Set(sets.flatMap((set) => [...set]))]
  if (name === 'SINTER') return [...first].filter((member) => rest.every((set) => set.has(member)))
  return [...first].filter((member) => !rest.some((set) => set.has(member)))
}

test('every combination of two and three sets', () => {
  const store = new TestStore()
  const model = fill(store)
  const combinations = KEYS.flatMap((a) => [[a], ...KEYS.flatMap((b) => [[a, b], ...KEYS.map((c) => [a, b, c])])])
  for (const name of ['SINTER', 'SUNION', 'SDIFF']) {
    for (const keys of combinations) {
      const want = expected(
        name,
        keys.map((key) => model.get(key)!),
      ).sort()
      assert.deepEqual((send(store, name, ...keys) as string[]).sort(), want, `${name} ${keys.join(' ')}`)
      assert.equal(send(store, `${name}STORE`, 'target', ...keys), want.length)
      assert.deepEqual((send(store, 'SMEMBERS', 'target') as string[]).sort(), want)
      assert.equal(send(store, 'EXISTS', 'target'), want.length === 0 ? 0 : 1)
      if (name !== 'SINTER') continue
      assert.equal(send(store, 'SINTERCARD', `${keys.length}`, ...keys), want.length)
      assert.equal(send(store, 'SINTERCARD', `${keys.length}`, ...keys, 'LIMIT', '2'), Math.min(2, want.length))
    }
  }
  store.validate()
})

test('the encoding of what is stored', () => {
  const store = new TestStore()
  fill(store)
  const encodingOf = (...request: string[]): unknown => {
    send(store, ...request)
    return send(store, 'OBJECT', 'ENCODING', 'target')
  }
  assert.equal(encodingOf('SINTERSTORE', 'target', 'i', 'l'), 'intset')
  assert.equal(encodingOf('SINTERSTORE', 'target', 'l', 'h'), 'listpack')
  assert.equal(encodingOf('SINTERSTORE', 'target', 'g', 'g'), 'hashtable')
  assert.equal(encodingOf('SINTERSTORE', 'target', 'g', 'i'), 'intset')
  assert.equal(encodingOf('SUNIONSTORE', 'target', 'i', 'j'), 'intset')
  assert.equal(encodingOf('SUNIONSTORE', 'target', 'i', 'l'), 'listpack')
  assert.equal(encodingOf('SUNIONSTORE', 'target', 'i', 'h'), 'hashtable')
  assert.equal(encodingOf('SDIFFSTORE', 'target', 'g', 'i'), 'hashtable')
  assert.equal(encodingOf('SDIFFSTORE', 'target', 'i', 'l'), 'intset')
})

test('errors', () => {
  runTable(
    [
      ['SINTER', wrongArity('sinter')],
      ['SINTERSTORE t', wrongArity('sinterstore')],
      ['SINTER s string', WRONG_TYPE],
      ['SINTER none string', WRONG_TYPE],
      ['SUNION s string', WRONG_TYPE],
      ['SDIFFSTORE t s string', WRONG_TYPE],
      ['SINTERCARD 1', wrongArity('sintercard')],
      ['SINTERCARD 0 s', 'ERR numkeys should be greater than 0'],
      ['SINTERCARD x s', 'ERR numkeys should be greater than 0'],
      ['SINTERCARD 3 s t', "ERR Number of keys can't be greater than number of args"],
      ['SINTERCARD 9223372036854775807 s t', "ERR Number of keys can't be greater than number of args"],
      ['SINTERCARD 1 s t', SYNTAX],
      ['SINTERCARD 1 s LIMIT', SYNTAX],
      ['SINTERCARD 1 s LIMIT -1', "ERR LIMIT can't be negative"],
      ['SINTERCARD 1 s LIMIT x', "ERR LIMIT can't be negative"],
      ['SINTERCARD 1 s LIMIT 1 LIMIT 0', 2],
      ['SUNIONSTORE string s', 2],
      ['TYPE string', 'set'],
    ],
    (store) => {
      send(store, 'SET', 'string', 'x')
      send(store, 'SADD', 's', 'a', 'b')
    },
  )
})

test('storing: effects, events, expiry and the empty result', () => {
  const store = new TestStore()
  send(store, 'SADD', 's', 'a', 'b')
  send(store, 'SET', 't', 'x', 'EX', '100')
  const effects = store.recordEffects()
  const events = store.recordEvents()
  assert.equal(send(store, 'SUNIONSTORE', 't', 's', 'none'), 2)
  assert.equal(send(store, 'TTL', 't'), -1)
  assert.equal(send(store, 'SINTERSTORE', 't', 's', 'none'), 0)
  assert.equal(send(store, 'SINTERSTORE', 't', 's', 'none'), 0)
  assert.equal(send(store, 'SDIFFSTORE', 't', 's', 's'), 0)
  assert.equal(send(store, 'SDIFFSTORE', 's', 's', 'none'), 2)
  assert.deepEqual(effects, ['0: SUNIONSTORE t s none', '0: SINTERSTORE t s none', '0: SDIFFSTORE s s none'])
  assert.deepEqual(
    events.filter((line) => !line.startsWith('keymiss')),
    ['sunionstore t@0', 'del t@0', 'sdiffstore s@0'],
  )
  store.validate()
})

test('RESP3 shows sets', () => {
  const store = new TestStore()
  store.client.client.reply.protocol = 3
  send(store, 'SADD', 's', 'a')
  for (const request of [
    ['SMEMBERS', 's'],
    ['SINTER', 's'],
    ['SUNION', 's'],
    ['SDIFF', 's'],
    ['SPOP', 's', '1'],
  ]) {
    assert.equal(store.client.sendRaw(...request), '~1\r\n$1\r\na\r\n', request.join(' '))
  }
  for (const request of [
    ['SMEMBERS', 's'],
    ['SINTER', 's'],
    ['SUNION', 's'],
    ['SDIFF', 's'],
    ['SPOP', 's', '1'],
  ]) {
    assert.equal(store.client.sendRaw(...request), '~0\r\n', request.join(' '))
  }
})
