/** Replies become values: what the reply writer writes, in both protocols, in one piece or across chunks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Reply, ReplyReader } from '../../../src/embed/reply-reader.js'
import { ChunkPool } from '../../../src/protocol/chunk-pool.js'
import { ErrorReply } from '../../../src/protocol/errors.js'
import { ReplyError } from '../../../src/protocol/reply-decoder.js'
import { ReplyWriter } from '../../../src/protocol/reply-writer.js'

function read(protocol: 2 | 3, write: (reply: ReplyWriter) => void, givesBytes = false): Reply {
  const reply = new ReplyWriter(new ChunkPool())
  reply.protocol = protocol
  write(reply)
  const reader = new ReplyReader()
  reader.open(reply, givesBytes)
  const value = reader.read()
  assert.equal(reader.hasMore, false)
  return value
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function bulk(reply: ReplyWriter, text: string): void {
  const content = bytes(text)
  reply.bulk(content, 0, content.length)
}

test('scalars', () => {
  const cases: [(reply: ReplyWriter) => void, Reply, Reply][] = [
    [(reply) => reply.ok(), 'OK', 'OK'],
    [(reply) => reply.simple('QUEUED'), 'QUEUED', 'QUEUED'],
    [(reply) => reply.simple(''), '', ''],
    [(reply) => reply.integer(7), 7, 7],
    [(reply) => reply.integer(-12345), -12345, -12345],
    [(reply) => reply.int64(0x7fffffff, 0xffffffff), 9223372036854775807n, 9223372036854775807n],
    [(reply) => reply.int64(0x80000000 | 0, 0), -9223372036854775808n, -9223372036854775808n],
    [(reply) => reply.nil(), null, null],
    [(reply) => reply.nilArray(), null, null],
    [(reply) => reply.boolean(true), 1, true],
    [(reply) => reply.boolean(false), 0, false],
    [(reply) => reply.double(2.5), '2.5', 2.5],
    [(reply) => reply.double(-Infinity), '-inf', -Infinity],
    [(reply) => reply.double(NaN), 'nan', NaN],
    [
      (reply) => reply.bigNumber('123456789012345678901234567890'),
      '123456789012345678901234567890',
      123456789012345678901234567890n,
    ],
    [(reply) => reply.verbatim('txt', 'some text'), 'some text', 'some text'],
    [(reply) => reply.emptyArray(), [], []],
  ]
  for (const [write, inTwo, inThree] of cases) {
    assert.deepEqual(read(2, write), inTwo)
    assert.deepEqual(read(3, write), inThree)
  }
})

test('strings of any length and script, as text and as bytes', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ maxLength: 300 }))
  fc.assert(
    fc.property(text, (value) => {
      assert.equal(
        read(2, (reply) => bulk(reply, value)),
        value,
      )
      assert.deepEqual(
        read(3, (reply) => bulk(reply, value), true),
        bytes(value),
      )
    }),
  )
  for (let length = 0; length < 70; length++) {
    const value = 'abcdefghij'.repeat(7).slice(0, length)
    assert.equal(
      read(3, (reply) => bulk(reply, value)),
      value,
    )
    const last = `${value}é`
    assert.equal(
      read(3, (reply) => bulk(reply, last)),
      last,
    )
  }
})

test('bytes are copies', () => {
  const reply = new ReplyWriter(new ChunkPool())
  bulk(reply, 'before')
  const reader = new ReplyReader()
  reader.open(reply, true)
  const value = reader.read()
  reply.rewind()
  bulk(reply, 'behind')
  assert.deepEqual(value, bytes('before'))
})

test('aggregates', () => {
  const writeMap = (reply: ReplyWriter): void => {
    reply.map(2)
    bulk(reply, 'a')
    reply.integer(1)
    bulk(reply, 'b')
    reply.set(2)
    bulk(reply, 'x')
    bulk(reply, 'y')
  }
  assert.deepEqual(read(2, writeMap), ['a', 1, 'b', ['x', 'y']])
  assert.deepEqual(read(3, writeMap), new Map<Reply, Reply>([['a', 1], ['b', new Set(['x', 'y'])]])) // prettier-ignore
  const writeAttribute = (reply: ReplyWriter): void => {
    reply.attribute(1)
    bulk(reply, 'about')
    reply.integer(1)
    reply.array(1)
    reply.ok()
  }
  assert.deepEqual(read(3, writeAttribute), ['OK'])
})

test('errors', () => {
  const error = read(3, (reply) => reply.error(ErrorReply.wrongType)) as ReplyError
  assert.ok(error instanceof ReplyError)
  assert.equal(error.code, 'WRONGTYPE')
  assert.match(error.message, /^WRONGTYPE Operation against/)
})

test('replies over several chunks, and with lengths set afterwards', () => {
  const long = 'z'.repeat(40_000)
  const value = read(3, (reply) => {
    const mark = reply.deferArray()
    for (let i = 0; i < 3000; i++) bulk(reply, `element ${i}`)
    bulk(reply, long)
    reply.setArray(mark, 3001)
  })
  assert.deepEqual(value, [...Array.from({ length: 3000 }, (_, i) => `element ${i}`), long])
})

test('tells messages from replies', () => {
  const reply = new ReplyWriter(new ChunkPool())
  reply.protocol = 3
  reply.push(1)
  reply.ok()
  reply.integer(5)
  const reader = new ReplyReader()
  reader.open(reply, false)
  assert.equal(reader.isAtPush, true)
  assert.deepEqual(reader.read(), ['OK'])
  assert.equal(reader.isAtPush, false)
  assert.equal(reader.read(), 5)
  assert.equal(reader.hasMore, false)
})
