/** SPOP and SRANDMEMBER. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { NOT_AN_INTEGER, send, SYNTAX, WRONG_TYPE } from '../string/table.js'
import { runTable } from './table.js'

const NOT_POSITIVE = 'ERR value is out of range, must be positive'
const BETWEEN = 'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807'

/** Sets of each encoding: name, members. */
const SETS: readonly (readonly [encoding: string, members: string[]])[] = [
  ['intset', Array.from({ length: 100 }, (_, n) => `${n * 3}`)],
  ['listpack', Array.from({ length: 100 }, (_, n) => `m${n}`)],
  ['hashtable', Array.from({ length: 1000 }, (_, n) => `m${n}`)],
]

test('errors, and keys that are missing', () => {
  runTable(
    [
      ['SPOP string', WRONG_TYPE],
      ['SPOP string 1', WRONG_TYPE],
      ['SRANDMEMBER string', WRONG_TYPE],
      ['SRANDMEMBER string 0', WRONG_TYPE],
      ['SPOP none', null],
      ['SPOP none 3', []],
      ['SRANDMEMBER none', null],
      ['SRANDMEMBER none 3', []],
      ['SPOP none x', NOT_POSITIVE],
      ['SPOP none -1', NOT_POSITIVE],
      ['SPOP none 1 2', SYNTAX],
      ['SRANDMEMBER none x', NOT_AN_INTEGER],
      ['SRANDMEMBER none -9223372036854775808', BETWEEN],
      ['SRANDMEMBER none 1 2', SYNTAX],
      ['SADD s a', 1],
      ['SPOP s 0', []],
      ['SRANDMEMBER s 0', []],
      ['SRANDMEMBER s 9223372036854775807', ['a']],
      ['SRANDMEMBER s -3', ['a', 'a', 'a']],
      ['SPOP s 9223372036854775807', ['a']],
      ['EXISTS s', 0],
    ],
    (store) => send(store, 'SET', 'string', 'x'),
  )
})

test('SPOP takes out what it returns, whatever the encoding and the count', () => {
  for (const [encoding, members] of SETS) {
    for (const count of [1, 2, 10, members.length - 10, members.length - 1, members.length]) {
      const store = new TestStore()
      send(store, 'SADD', 's', ...members)
      assert.equal(send(store, 'OBJECT', 'ENCODING', 's'), encoding)
      const popped = send(store, 'SPOP', 's', `${count}`) as string[]
      assert.equal(new Set(popped).size, count)
      const left = send(store, 'SMEMBERS', 's') as string[]
      assert.deepEqual([...popped, ...left].sort(), [...members].sort())
      store.validate()
    }
  }
})

test('what SPOP leaves of a hash table when it takes most of it is a listpack', () => {
  const store = new TestStore()
  send(store, 'SADD', 's', ...SETS[2]![1])
  send(store, 'SPOP', 's', '990')
  assert.equal(send(store, 'OBJECT', 'ENCODING', 's'), 'listpack')
})

test('effects and events of SPOP', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  send(store, 'SADD', 's', 'a')
  const events = store.recordEvents()
  send(store, 'SPOP', 's')
  send(store, 'SADD', 's', '1', '2', '3')
  const popped = send(store, 'SPOP', 's', '2') as string[]
  send(store, 'SPOP', 's', '5')
  assert.deepEqual(effects, [
    '0: SADD s a',
    '0: SREM s a',
    '0: SADD s 1 2 3',
    `0: SREM s ${popped.join(' ')}`,
    '0: DEL s',
  ])
  assert.deepEqual(events, ['spop s@0', 'del s@0', 'new s@0', 'sadd s@0', 'spop s@0', 'spop s@0', 'del s@0'])
  assert.equal(store.store.dirty, 1 + 1 + 3 + 2 + 1)
  send(store, 'CONFIG', 'SET', 'lazyfree-lazy-server-del', 'yes')
  send(store, 'SADD', 's', '1')
  send(store, 'SPOP', 's', '1')
  assert.equal(effects.at(-1), '0: UNLINK s')
})

test('SPOP propagates 1024 members a command', () => {
  const store = new TestStore()
  const members = Array.from({ length: 4000 }, (_, n) => `m${n}`)
  send(store, 'SADD', 's', ...members)
  const effects = store.recordEffects()
  send(store, 'SPOP', 's', '2500')
  assert.deepEqual(
    effects.map((line) => line.split(' ').length - 3),
    [-2, 1024, 1024, 452, -2],
  )
  send(store, 'SPOP', 's', '1400')
  assert.deepEqual(
    effects.slice(5).map((line) => line.split(' ').length - 3),
    [-2, 1024, 376, -2],
  )
})

test('SRANDMEMBER: so many different members, or so many picks', () => {
  for (const [, members] of SETS) {
    const store = new TestStore()
    send(store, 'SADD', 's', ...members)
    for (const count of [1, 3, 40, 90, members.length, members.length + 5]) {
      const found = send(store, 'SRANDMEMBER', 's', `${count}`) as string[]
      assert.equal(found.length, Math.min(count, members.length))
      assert.equal(new Set(found).size, found.length)
      assert.ok(found.every((member) => members.includes(member)))
      assert.equal((send(store, 'SRANDMEMBER', 's', `-${count}`) as string[]).length, count)
    }
    assert.equal(send(store, 'SCARD', 's'), members.length)
  }
})

test('every member is as likely as the other', () => {
  for (const [, members] of SETS) {
    const store = new TestStore({}, 7)
    send(store, 'SADD', 's', ...members)
    for (const request of [
      ['SRANDMEMBER', 's', `${-members.length * 100}`],
      ['SRANDMEMBER', 's'],
    ]) {
      const counts = new Map<string, number>()
      const found: unknown[] = []
      if (request.length === 3) found.push(...(send(store, ...request) as string[]))
      else for (let i = 0; i < members.length * 20; i++) found.push(send(store, ...request))
      for (const member of found) counts.set(member as string, (counts.get(member as string) ?? 0) + 1)
      const mean = found.length / members.length
      let chiSquare = 0
      for (const member of members) chiSquare += ((counts.get(member) ?? 0) - mean) ** 2 / mean
      const freedom = members.length - 1
      assert.ok(chiSquare < freedom + 5 * Math.sqrt(2 * freedom), `chi square ${chiSquare} of ${freedom}`)
    }
  }
})
