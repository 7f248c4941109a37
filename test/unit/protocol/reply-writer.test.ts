import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { CHUNK_BYTES, ChunkPool } from '../../../src/protocol/chunk-pool.js'
import { ErrorReply } from '../../../src/protocol/errors.js'
import { ReplyWriter } from '../../../src/protocol/reply-writer.js'
import { anyReply, drain, encode, outputOf, write } from './replies.js'

function newWriter(protocol: 2 | 3 = 2, pool = new ChunkPool()): ReplyWriter {
  const reply = new ReplyWriter(pool)
  reply.protocol = protocol
  return reply
}

test('every kind of reply in both protocols', () => {
  const bytes = latin1Bytes('hello world')
  for (const [run, resp2, resp3] of [
    [(reply) => reply.ok(), '+OK\r\n', '+OK\r\n'],
    [(reply) => reply.simple('PONG'), '+PONG\r\n', '+PONG\r\n'],
    [(reply) => reply.simple('h\u00e9'), '+h\xc3\xa9\r\n', '+h\xc3\xa9\r\n'],
    [(reply) => reply.error(ErrorReply.syntax), '-ERR syntax error\r\n', '-ERR syntax error\r\n'],
    [(reply) => reply.integer(0), ':0\r\n', ':0\r\n'],
    [(reply) => reply.integer(-1), ':-1\r\n', ':-1\r\n'],
    [(reply) => reply.integer(-9007199254740991), ':-9007199254740991\r\n', ':-9007199254740991\r\n'],
    [(reply) => reply.int64(-0x80000000, 0), ':-9223372036854775808\r\n', ':-9223372036854775808\r\n'],
    [
      (reply) => reply.bulkInt64(0x7fffffff, 0xffffffff),
      '$19\r\n9223372036854775807\r\n',
      '$19\r\n9223372036854775807\r\n',
    ],
    [(reply) => reply.boolean(true), ':1\r\n', '#t\r\n'],
    [(reply) => reply.boolean(false), ':0\r\n', '#f\r\n'],
    [(reply) => reply.nil(), '$-1\r\n', '_\r\n'],
    [(reply) => reply.nilArray(), '*-1\r\n', '_\r\n'],
    [(reply) => reply.bulk(bytes, 6, 11), '$5\r\nworld\r\n', '$5\r\nworld\r\n'],
    [(reply) => reply.bulk(bytes, 0, 0), '$0\r\n\r\n', '$0\r\n\r\n'],
    [(reply) => reply.bulkText('h\u00e9'), '$3\r\nh\xc3\xa9\r\n', '$3\r\nh\xc3\xa9\r\n'],
    [(reply) => reply.bulkLatin1('h\xe9'), '$2\r\nh\xe9\r\n', '$2\r\nh\xe9\r\n'],
    [(reply) => reply.bulkInteger(9), '$1\r\n9\r\n', '$1\r\n9\r\n'],
    [(reply) => reply.bulkInteger(-9), '$2\r\n-9\r\n', '$2\r\n-9\r\n'],
    [(reply) => reply.bulkInteger(1234567890123456), '$16\r\n1234567890123456\r\n', '$16\r\n1234567890123456\r\n'],
    [(reply) => reply.double(3), '$1\r\n3\r\n', ',3\r\n'],
    [(reply) => reply.double(-0), '$2\r\n-0\r\n', ',-0\r\n'],
    [(reply) => reply.double(3.1), '$3\r\n3.1\r\n', ',3.1\r\n'],
    [(reply) => reply.double(0.1 + 0.2), '$19\r\n0.30000000000000004\r\n', ',0.30000000000000004\r\n'],
    [(reply) => reply.double(-Infinity), '$4\r\n-inf\r\n', ',-inf\r\n'],
    [(reply) => reply.double(NaN), '$3\r\nnan\r\n', ',nan\r\n'],
    [(reply) => reply.doubleText('1.5'), '$3\r\n1.5\r\n', ',1.5\r\n'],
    [
      (reply) => reply.bigNumber('12345678901234567890'),
      '$20\r\n12345678901234567890\r\n',
      '(12345678901234567890\r\n',
    ],
    [(reply) => reply.verbatim('txt', 'a b'), '$3\r\na b\r\n', '=7\r\ntxt:a b\r\n'],
    [(reply) => reply.array(0), '*0\r\n', '*0\r\n'],
    [(reply) => reply.emptyArray(), '*0\r\n', '*0\r\n'],
    [(reply) => reply.array(12), '*12\r\n', '*12\r\n'],
    [(reply) => reply.array(2147483647), '*2147483647\r\n', '*2147483647\r\n'],
    [(reply) => reply.map(6), '*12\r\n', '%6\r\n'],
    [(reply) => reply.set(3), '*3\r\n', '~3\r\n'],
    [(reply) => reply.push(3), '*3\r\n', '>3\r\n'],
    [(reply) => reply.raw(bytes, 0, 5), 'hello', 'hello'],
  ] as [(reply: ReplyWriter) => void, string, string][]) {
    for (const [protocol, expected] of [
      [2, resp2],
      [3, resp3],
    ] as const) {
      const reply = newWriter(protocol)
      run(reply)
      assert.equal(drain(reply), expected)
    }
  }
  const reply = newWriter(3)
  reply.attribute(1)
  assert.equal(drain(reply), '|1\r\n')
})

test('random replies, with deferred lengths, through random portions', () => {
  const pool = new ChunkPool(4 * CHUNK_BYTES)
  fc.assert(
    fc.property(
      fc.array(anyReply, { maxLength: 8 }),
      fc.constantFrom<2 | 3>(2, 3),
      fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 30 }),
      (replies, protocol, portions) => {
        const writer = newWriter(protocol, pool)
        for (const reply of replies) write(writer, reply)
        assert.equal(drain(writer, portions), replies.map((reply) => encode(reply, protocol)).join(''))
        assert.equal(pool.takenBytes, 0)
      },
    ),
    { numRuns: 400 },
  )
})

test('writing goes on while earlier output is being sent', () => {
  const writer = newWriter()
  let expected = ''
  let sent = ''
  let inFlight = 0
  for (let i = 0; i < 5000; i++) {
    const text = 'x'.repeat((i * 37) % 300)
    const mark = writer.deferArray()
    writer.bulkText(text)
    writer.setArray(mark, 1)
    expected += `*1\r\n$${text.length}\r\n${text}\r\n`
    if (i % 100 !== 0) continue
    sent += outputOf(writer).slice(0, inFlight)
    writer.consume(inFlight)
    inFlight = writer.pendingBytes >> 1
  }
  assert.equal(sent + drain(writer), expected)
})

test('an idle writer holds no chunk, and chunks are shared', () => {
  const pool = new ChunkPool()
  const writers = Array.from({ length: 100 }, () => newWriter(2, pool))
  for (const writer of writers) {
    writer.ok()
    assert.equal(pool.takenBytes, CHUNK_BYTES)
    assert.equal(drain(writer), '+OK\r\n')
  }
  assert.equal(pool.takenBytes, 0)
  assert.equal(pool.spareBytes, CHUNK_BYTES)
})

test('the pool keeps no more spare chunks than it is told', () => {
  const pool = new ChunkPool(2 * CHUNK_BYTES)
  const writers = Array.from({ length: 5 }, () => newWriter(2, pool))
  for (const writer of writers) writer.ok()
  for (const writer of writers) writer.reset()
  assert.equal(pool.takenBytes, 0)
  assert.equal(pool.spareBytes, 2 * CHUNK_BYTES)
})

test('chunks of other sizes are kept too, up to a megabyte', () => {
  const pool = new ChunkPool()
  for (const [asked, given] of [
    [0, CHUNK_BYTES],
    [CHUNK_BYTES, CHUNK_BYTES],
    [CHUNK_BYTES + 1, 2 * CHUNK_BYTES],
    [1_000_000, 1 << 20],
    [1 << 20, 1 << 20],
    [1_048_577, 1_048_577],
  ] as const) {
    const chunk = pool.take(asked)!
    assert.equal(chunk.length, given)
    assert.equal(pool.takenBytes, given)
    pool.give(chunk)
    const again = pool.take(asked)!
    assert.equal(again === chunk, given <= 1 << 20)
    pool.give(again)
    assert.equal(pool.takenBytes, 0)
  }
})

test('strings of every length around the chunk size', () => {
  for (const before of [0, 1, 16000, CHUNK_BYTES - 30, CHUNK_BYTES - 7, CHUNK_BYTES - 1, CHUNK_BYTES]) {
    for (const length of [0, 3, 15, 16, 1023, 1024, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES]) {
      const text = 'y'.repeat(length)
      const bytes = latin1Bytes(text)
      const head = latin1Bytes('h'.repeat(before))
      for (const run of [
        (reply: ReplyWriter) => reply.bulk(bytes, 0, length),
        (reply: ReplyWriter) => reply.bulkText(text),
        (reply: ReplyWriter) => reply.bulkLatin1(text),
      ]) {
        const reply = newWriter()
        reply.raw(head, 0, before)
        run(reply)
        assert.ok(reply.memoryBytes <= before + length * 2 + 3 * CHUNK_BYTES)
        assert.ok(outputOf(reply).endsWith(`$${length}\r\n${text}\r\n`))
        assert.equal(drain(reply).length, before + length + String(length).length + 5)
      }
    }
  }
})

test('a very large item gets a chunk of its own size', () => {
  const reply = newWriter()
  const bytes = new Uint8Array(10_000_000)
  reply.bulk(bytes, 0, bytes.length)
  assert.ok(reply.memoryBytes <= CHUNK_BYTES + bytes.length)
  assert.equal(reply.listLength, 1)
  assert.ok(reply.listBytes > 9_900_000)
  reply.reset()
  assert.equal(reply.memoryBytes, 0)
})

test('a short deferred array ends up in one segment, a long one is not moved', () => {
  const reply = newWriter()
  const outer = reply.deferArray()
  const inner = reply.deferArray()
  reply.integer(1)
  reply.setArray(inner, 1)
  reply.setArray(outer, 1)
  assert.equal(reply.segmentCount, 1)
  assert.equal(drain(reply), '*1\r\n*1\r\n:1\r\n')

  const long = reply.deferArray()
  for (let i = 0; i < 10000; i++) reply.integer(i)
  const before = reply.segmentBytes(1)
  const place = reply.segmentStart(1)
  reply.setArray(long, 10000)
  assert.equal(reply.segmentBytes(1), before)
  assert.equal(reply.segmentStart(1), place - '*10000\r\n'.length)
  assert.ok(outputOf(reply).startsWith('*10000\r\n:0\r\n:1\r\n'))
  reply.reset()
})

test('rolling back to any mark', () => {
  const pool = new ChunkPool()
  fc.assert(
    fc.property(fc.array(anyReply, { maxLength: 4 }), fc.array(anyReply, { maxLength: 4 }), (kept, dropped) => {
      const writer = newWriter(3, pool)
      for (const reply of kept) write(writer, reply)
      const mark = writer.mark()
      const held = writer.memoryBytes
      for (const reply of dropped) write(writer, reply)
      writer.rollback(mark)
      assert.ok(writer.memoryBytes <= held + CHUNK_BYTES)
      writer.ok()
      assert.equal(drain(writer), kept.map((reply) => encode(reply, 3)).join('') + '+OK\r\n')
      assert.equal(pool.takenBytes, 0)
    }),
    { numRuns: 200 },
  )
})

test('rolling back again and again holds nothing', () => {
  const writer = newWriter()
  for (let i = 0; i < 1000; i++) {
    const mark = writer.mark()
    const array = writer.deferArray()
    for (let n = 0; n < 100; n++) writer.bulkText('x'.repeat(1000))
    writer.setArray(array, 100)
    writer.rollback(mark)
    assert.equal(writer.memoryBytes, 0)
    assert.equal(writer.pendingBytes, 0)
  }
})

test('beyond its limit a writer drops output and says so', () => {
  const pool = new ChunkPool()
  const writer = newWriter(2, pool)
  writer.bytesMax = 100_000
  const big = new Uint8Array(1_000_000)
  const mark = writer.mark()
  for (let i = 0; i < 1000; i++) {
    const array = writer.deferArray()
    writer.bulkText('x'.repeat(1500))
    writer.bulk(big, 0, i * 100)
    writer.bulkLatin1('y'.repeat(40000))
    writer.setArray(array, 2)
    assert.ok(writer.memoryBytes <= 100_000 + 2 * CHUNK_BYTES)
  }
  assert.equal(writer.isOverLimit, true)
  writer.consume(writer.pendingBytes)
  writer.ok()
  assert.equal(writer.isOverLimit, true)
  writer.reset()
  assert.equal(writer.isOverLimit, false)
  assert.equal(pool.takenBytes, 0)

  writer.bulk(big, 0, big.length)
  assert.equal(writer.isOverLimit, true)
  writer.rollback(mark)
  assert.equal(writer.isOverLimit, false)
  writer.ok()
  assert.equal(drain(writer), '+OK\r\n')
})

test('accounting as CLIENT LIST shows it', () => {
  const writer = newWriter()
  assert.deepEqual([writer.firstChunkBytes, writer.listLength, writer.listBytes], [0, 0, 0])
  writer.ok()
  assert.deepEqual([writer.firstChunkBytes, writer.listLength, writer.listBytes], [5, 0, 0])
  const mark = writer.deferArray()
  for (let i = 0; i < 100; i++) writer.bulkText('x'.repeat(1000))
  writer.setArray(mark, 100)
  assert.ok(writer.firstChunkBytes > CHUNK_BYTES - 1100)
  assert.ok(writer.firstChunkBytes <= CHUNK_BYTES)
  assert.equal(writer.listLength, 6)
  assert.equal(writer.listBytes, 6 * CHUNK_BYTES)
  assert.equal(writer.memoryBytes, 7 * CHUNK_BYTES)
  writer.consume(writer.pendingBytes - 10)
  assert.deepEqual([writer.firstChunkBytes, writer.listLength, writer.listBytes], [10, 0, 0])
  writer.reset()
})

test('a writer that is never empty does not grow', () => {
  const pool = new ChunkPool(CHUNK_BYTES)
  const writer = newWriter(2, pool)
  for (let i = 0; i < 20_000; i++) {
    const mark = writer.deferArray()
    for (let n = 0; n < 20; n++) writer.bulkText('x'.repeat(100))
    writer.setArray(mark, 20)
    writer.consume(writer.pendingBytes - 1)
    assert.ok(writer.memoryBytes <= 2 * CHUNK_BYTES)
    assert.ok(writer.segmentCount <= 3)
  }
})
