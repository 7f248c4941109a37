/** Words become bytes: every kind of word, text of any length and script, buffers that grow and shrink. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { RequestBuffer, type Word } from '../../../src/embed/request-buffer.js'

function words(request: RequestBuffer): Uint8Array[] {
  return Array.from({ length: request.count }, (_, i) => request.bytes.slice(request.starts[i]!, request.ends[i]!))
}

function texts(request: RequestBuffer): string[] {
  return words(request).map((bytes) => new TextDecoder().decode(bytes))
}

function build(request: RequestBuffer, name: string, ...args: Word[]): RequestBuffer {
  request.begin(name)
  for (const word of args) request.add(word)
  return request
}

test('takes text, numbers, bigints and bytes', () => {
  const request = build(new RequestBuffer(), 'SET', 'k', 0, -0, -17, 1.5, 1e21, NaN, 2 ** 53, 12345678901234567890n)
  assert.deepEqual(texts(request), [
    'SET',
    'k',
    '0',
    '0',
    '-17',
    '1.5',
    '1e+21',
    'NaN',
    '9007199254740992',
    '12345678901234567890',
  ])
  assert.deepEqual(words(build(request, 'X', new Uint8Array([0, 255, 13, 10])))[1], new Uint8Array([0, 255, 13, 10]))
})

test('refuses what is no word', () => {
  const request = new RequestBuffer()
  request.begin('GET')
  const refused: [unknown, RegExp][] = [
    [undefined, /not undefined/],
    [null, /not null/],
    [true, /not boolean/],
    [{}, /not an object \(Object\)/],
    [['a'], /not an object \(Array\)/],
    [Object.create(null), /not an object \(without a class\)/],
  ]
  for (const [word, message] of refused) assert.throws(() => request.add(word as Word), { name: 'TypeError', message })
  assert.throws(() => request.begin(undefined as never), TypeError)
})

test('keeps the name of the command before, and drops it when it changes', () => {
  const request = new RequestBuffer()
  assert.deepEqual(texts(build(request, 'GET', 'a')), ['GET', 'a'])
  assert.deepEqual(texts(build(request, 'GET', 'longer key')), ['GET', 'longer key'])
  assert.deepEqual(texts(build(request, 'get', 'a')), ['get', 'a'])
  assert.deepEqual(texts(build(request, 'É', 'a')), ['É', 'a'])
  request.begin('GET')
  assert.throws(() => request.add(undefined as never))
  assert.deepEqual(texts(build(request, 'GET', 'b')), ['GET', 'b'])
})

test('encodes text of any length and script as UTF-8', () => {
  const request = new RequestBuffer()
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 6000 }))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), (args) => {
      build(request, 'CMD', ...args)
      const expected = ['CMD', ...args].map((word) => new TextEncoder().encode(word))
      assert.deepEqual(words(request), expected)
    }),
  )
})

test('grows for what does not fit, also when the first guess was ASCII', () => {
  const long = '✓'.repeat(100_000)
  const request = build(new RequestBuffer(), 'SET', 'k', long, 'end')
  assert.deepEqual(texts(request), ['SET', 'k', long, 'end'])
  const many = Array.from({ length: 1000 }, (_, i) => `word ${i}`)
  assert.deepEqual(texts(build(request, 'MSET', ...many)), ['MSET', ...many])
})

test('lets an oversized buffer go', () => {
  const request = build(new RequestBuffer(), 'SET', 'k', 'x'.repeat(3 << 20))
  request.trim()
  assert.ok(request.bytes.length <= 1 << 20)
  assert.deepEqual(texts(build(request, 'SET', 'k')), ['SET', 'k'])
})

test('a copy is independent', () => {
  const request = build(new RequestBuffer(), 'SET', 'k', 'v')
  const copy = request.copy()
  build(request, 'GET', 'other')
  assert.deepEqual(texts(copy), ['SET', 'k', 'v'])
})
