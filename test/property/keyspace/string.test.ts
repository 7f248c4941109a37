/**
 * Random string and bitmap commands on few keys, while time passes: replies and data against a naive model, every structure
 * valid, and the effects, replayed into a second store, give the same data.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { DecodeStatus, plainMapping, ReplyDecoder } from '../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../support/test-store.js'
import { dataSet, type Held } from '../../unit/commands/string/table.js'
import { StringModel } from './string-model.js'

const START_MS = 1_700_000_000_000

const key = fc.constantFrom('a', 'b', 'c')
const integer = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -300, max: 300 }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('9007199254740991', '-9007199254740993', '9223372036854775807', '-9223372036854775807'),
  },
)
const value = fc.oneof(
  integer,
  fc.constantFrom('', '1.5', '3.25e2', 'inf', ' 1', '-9223372036854775808'),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  fc.tuple(fc.constantFrom('x', '\xff', '\0', 'ab'), fc.constantFrom(22, 45, 100, 127, 128, 254, 256, 500, 3000, 20_000)).map(
    ([unit, count]) => unit.repeat(count / unit.length),
  ),
) // prettier-ignore
const index = fc.oneof(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -4000, max: 4000 })).map(String)
const position = fc.oneof(fc.nat(40), fc.nat(9000)).map(String)
const bit = fc.constantFrom('0', '1')
const milliseconds = fc.constantFrom('1', '7', '50', '100000')
const moment = fc.integer({ min: -20, max: 60 }).map((offset) => `${START_MS + offset}`)
const pairs = fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 4 }).map((list) => list.flat())

const setOptions = fc
  .tuple(
    fc.constantFrom([], ['NX'], ['XX']),
    fc.constantFrom([], ['GET']),
    fc.oneof(
      fc.constantFrom([], ['KEEPTTL']),
      milliseconds.map((time) => ['PX', time]),
      moment.map((time) => ['PXAT', time]),
    ),
  )
  .map((groups) => groups.flat())

const getexOptions = fc.oneof(
  fc.constantFrom([], ['PERSIST']),
  milliseconds.map((time) => ['PX', time]),
  moment.map((time) => ['PXAT', time]),
)

const fieldType = fc.oneof(
  fc.integer({ min: 1, max: 64 }).map((bits) => `i${bits}`),
  fc.integer({ min: 1, max: 63 }).map((bits) => `u${bits}`),
)
const fieldPosition = fc.oneof(
  fc.nat(200).map(String),
  fc.nat(12).map((count) => `#${count}`),
)
const fieldOperation = fc.oneof(
  fc.tuple(fc.constant('GET'), fieldType, fieldPosition),
  fc.tuple(fc.constantFrom('SET', 'INCRBY'), fieldType, fieldPosition, integer),
  fc.tuple(fc.constant('OVERFLOW'), fc.constantFrom('WRAP', 'SAT', 'FAIL')),
)

/** A request, or '+' and how many milliseconds pass. */
const step: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.tuple(fc.constant('+'), fc.constantFrom('1', '5', '30')),
  fc.tuple(fc.constantFrom('GET', 'STRLEN', 'GETDEL'), key),
  fc.tuple(fc.constantFrom('SETNX', 'GETSET', 'APPEND', 'APPEND'), key, value),
  fc.tuple(key, value, setOptions).map(([k, v, options]) => ['SET', k, v, ...options]),
  fc.tuple(fc.constant('PSETEX'), key, milliseconds, value),
  fc.tuple(key, getexOptions).map(([k, options]) => ['GETEX', k, ...options]),
  fc.array(key, { minLength: 1, maxLength: 3 }).map((list) => ['MGET', ...list]),
  fc.tuple(fc.constantFrom('MSET', 'MSETNX'), pairs).map(([name, list]) => [name, ...list]),
  fc.tuple(fc.constant('SETRANGE'), key, fc.oneof(fc.nat(300), fc.nat(30_000)).map(String), value),
  fc.tuple(fc.constant('GETRANGE'), key, index, index),
  fc.tuple(fc.constantFrom('INCRBY', 'DECRBY'), key, integer),
  fc.tuple(fc.constant('INCRBYFLOAT'), key, fc.constantFrom('1', '-0.5', '0.1', '1e20', 'inf', 'x')),
  fc.tuple(fc.constant('SETBIT'), key, position, bit),
  fc.tuple(fc.constant('GETBIT'), key, position),
  fc.tuple(fc.constant('BITCOUNT'), key, index, index, fc.constant('BIT')),
  fc.tuple(key, bit, fc.array(index, { maxLength: 2 })).map(([k, b, range]) => ['BITPOS', k, b, ...range]),
  fc.tuple(fc.constant('BITPOS'), key, bit, index, index, fc.constantFrom('BIT', 'BYTE')),
  fc.tuple(fc.constantFrom('AND', 'OR', 'XOR'), key, fc.array(key, { minLength: 1, maxLength: 3 })).map(
    ([operation, target, sources]) => ['BITOP', operation, target, ...sources],
  ),
  fc.tuple(fc.constant('BITOP'), fc.constant('NOT'), key, key),
  fc.tuple(key, fc.array(fieldOperation, { minLength: 1, maxLength: 4 })).map(([k, list]) => ['BITFIELD', k, ...list.flat()]),
) // prettier-ignore

test('string and bitmap commands behave as the model does', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
      const model = new StringModel(START_MS)
      const store = new TestStore()
      const replica = new TestStore()
      const effects = recordWords(store)
      for (const words of steps) {
        if (words[0] === '+') advance(Number(words[1]), model, store, replica)
        else perform(words, model, store)
        for (const effect of effects.splice(0)) replica.client.sendRaw(...effect)
      }
      store.validate()
      replica.validate()
      assert.deepEqual(dataSet(store), alive(model))
      assert.deepEqual(withoutEncodings(dataSet(replica)), withoutEncodings(dataSet(store)))
    }),
    { numRuns: 300 },
  )
})

test('LCS behaves as the model does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 })
  fc.assert(
    fc.property(letters, letters, (first, second) => {
      const model = new StringModel(START_MS)
      const store = new TestStore()
      for (const words of [['MSET', 'a', first, 'b', second], ['LCS', 'a', 'b'], ['LCS', 'b', 'a']]) perform(words, model, store)
    }),
    { numRuns: 100 },
  ) // prettier-ignore
})

function perform(words: readonly string[], model: StringModel, store: TestStore): void {
  const reply = store.client.sendRaw(...words)
  const expected = model.run(words)
  assert.ok(
    reply === expected,
    `${words.join(' ').slice(0, 200)}: ${reply.slice(0, 200)}, expected ${expected.slice(0, 200)}`,
  )
}

function advance(milliseconds: number, model: StringModel, ...stores: readonly TestStore[]): void {
  for (const store of stores) {
    store.time.advance(milliseconds)
    store.send('PING') // a store knows the time of its last command
  }
  model.nowMs += milliseconds
}

/** Effects as words, in the order they are told. */
function recordWords(store: TestStore): string[][] {
  const effects: string[][] = []
  store.store.effects.attach({
    settle() {},
    append(bytes, _databases, starts, ends, count) {
      for (let i = 0; i < count; i++) {
        const decoder = new ReplyDecoder(plainMapping({ strings: 'latin1' }))
        decoder.feed(bytes, starts[i]!, ends[i]!)
        assert.notEqual(decoder.next(), DecodeStatus.Incomplete)
        effects.push(decoder.value as string[])
      }
    },
  })
  return effects
}

function alive(model: StringModel): Map<string, Held> {
  const found = [...model.keys].filter(([, { expiryMs }]) => expiryMs < 0 || expiryMs >= model.nowMs)
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Replaying may lead to another encoding: INCRBYFLOAT is told as SET. */
function withoutEncodings(held: Map<string, Held>): Map<string, readonly [string, number]> {
  return new Map([...held].map(([key, { value, expiryMs }]) => [key, [value, expiryMs]]))
}
