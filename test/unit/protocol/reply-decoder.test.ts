import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import {
  AttributedReply,
  DecodeStatus,
  PLAIN,
  plainMapping,
  ReplyBoundary,
  ReplyDecoder,
  ReplyError,
  type ReplyMapping,
  type ReplyNode,
  ReplyType,
  TYPED,
} from '../../../src/protocol/reply-decoder.js'
import { ChunkPool } from '../../../src/protocol/chunk-pool.js'
import { ReplyWriter } from '../../../src/protocol/reply-writer.js'
import { anyReply, drain, encode, write } from './replies.js'
import { pieces } from './requests.js'

type Decoded = { values: unknown[]; statuses: DecodeStatus[]; pending: number }

function decode(parts: readonly string[], mapping: ReplyMapping = PLAIN): Decoded {
  const decoder = new ReplyDecoder(mapping)
  const decoded: Decoded = { values: [], statuses: [], pending: 0 }
  for (const part of parts) {
    decoder.feed(latin1Bytes(part))
    for (;;) {
      const status = decoder.next()
      if (status === DecodeStatus.Incomplete) break
      decoded.statuses.push(status)
      if (status === DecodeStatus.Malformed) return decoded
      decoded.values.push(decoder.value)
    }
  }
  decoded.pending = decoder.pendingBytes
  return decoded
}

/** Cuts a stream into replies. */
function cut(parts: readonly string[]): string[] | 'malformed' {
  const boundary = new ReplyBoundary()
  const replies: string[] = []
  let reply = ''
  for (const part of parts) {
    const bytes = latin1Bytes(part)
    for (let at = 0; at < bytes.length;) {
      const end = boundary.find(bytes, at, bytes.length)
      if (end < 0) return 'malformed'
      reply += latin1(bytes, at, Math.min(end, bytes.length))
      if (end <= bytes.length) {
        replies.push(reply)
        reply = ''
      }
      at = end
    }
  }
  assert.equal(reply, '')
  return replies
}

/** Encodes a typed reply again, to the byte. */
function encodeNode(node: ReplyNode): string {
  const attributes = node.attributes ?? []
  const before =
    node.attributes === undefined ? '' : `|${attributes.length / 2}\r\n` + attributes.map(encodeNode).join('')
  const type = String.fromCharCode(node.type)
  if (node.items !== undefined) {
    const count = node.type === ReplyType.map ? node.items.length / 2 : node.items.length
    return `${before}${type}${count}\r\n` + node.items.map(encodeNode).join('')
  }
  if (node.content === null) return node.type === ReplyType.nil ? `${before}_\r\n` : `${before}${type}-1\r\n`
  const content = latin1(node.content, 0, node.content.length)
  const hasLength = type === '$' || type === '=' || type === '!'
  return `${before}${type}${hasLength ? `${content.length}\r\n` : ''}${content}\r\n`
}

test('what the writer writes, the decoder reads, in both protocols and any cuts', () => {
  fc.assert(
    fc.property(
      fc.array(anyReply, { maxLength: 6 }),
      fc.constantFrom<2 | 3>(2, 3),
      fc.array(fc.nat(), { maxLength: 20 }),
      (replies, protocol, cuts) => {
        const writer = new ReplyWriter(new ChunkPool())
        writer.protocol = protocol
        for (const reply of replies) write(writer, reply)
        const text = drain(writer)

        const whole = decode([text], TYPED)
        assert.equal(whole.values.length, replies.length)
        assert.equal(whole.pending, 0)
        const texts = replies.map((reply) => encode(reply, protocol))
        assert.deepEqual((whole.values as ReplyNode[]).map(encodeNode), texts)
        assert.deepEqual(decode(pieces(text, cuts), TYPED), whole)
        assert.deepEqual(cut([text]), texts)
        assert.deepEqual(cut(pieces(text, cuts)), texts)
        if (text.length > 3000) return
        assert.deepEqual(decode([...text], TYPED), whole)
        assert.deepEqual(cut([...text]), texts)
      },
    ),
    { numRuns: 300 },
  )
})

test('plain values', () => {
  for (const [text, value] of [
    ['+OK\r\n', 'OK'],
    [':12\r\n', 12],
    [':9223372036854775807\r\n', 9223372036854775807n],
    [':-9223372036854775808\r\n', -9223372036854775808n],
    ['$3\r\na\r\n\r\n', 'a\r\n'],
    ['$0\r\n\r\n', ''],
    ['$2\r\n\xc3\xa9\r\n', '\u00e9'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['_\r\n', null],
    ['#t\r\n', true],
    ['#f\r\n', false],
    [',1.5\r\n', 1.5],
    [',-inf\r\n', -Infinity],
    [',nan\r\n', NaN],
    ['(-12345678901234567890\r\n', -12345678901234567890n],
    ['=5\r\ntxt:a\r\n', 'a'],
    ['*0\r\n', []],
    ['*2\r\n:1\r\n*1\r\n$-1\r\n', [1, [null]]],
    [
      '%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ],
    ['%0\r\n', new Map()],
    ['~2\r\n:1\r\n:2\r\n', new Set([1, 2])],
    ['|1\r\n+ttl\r\n:3\r\n+a\r\n', new AttributedReply('a', ['ttl', 3])],
    ['|1\r\n+a\r\n:1\r\n|1\r\n+b\r\n:2\r\n*1\r\n+x\r\n', new AttributedReply(['x'], ['a', 1, 'b', 2])],
    ['*2\r\n|1\r\n+a\r\n*0\r\n:5\r\n:6\r\n', [new AttributedReply(5, ['a', []]), 6]],
  ] as [string, unknown][]) {
    assert.deepEqual(decode([text]).values, [value], JSON.stringify(text))
    assert.deepEqual(decode([...text]).values, [value], JSON.stringify(text))
    assert.deepEqual(cut([...text]), [text])
  }
})

test('other mappings', () => {
  const text = '%1\r\n$1\r\na\r\n~1\r\n$1\r\n\xe9\r\n'
  const objects = plainMapping({ strings: 'latin1', maps: 'object', sets: 'array' })
  assert.deepEqual(decode([text], objects).values, [{ a: ['\xe9'] }])
  const bytes = plainMapping({ strings: 'bytes', maps: 'array' })
  assert.deepEqual(decode([text], bytes).values, [[new Uint8Array([0x61]), new Set([new Uint8Array([0xe9])])]])
  const dropped = plainMapping({ attributes: 'drop' })
  assert.deepEqual(decode(['|1\r\n+a\r\n:1\r\n:7\r\n'], dropped).values, [7])
  assert.deepEqual(decode(['%1\r\n$9\r\n__proto__\r\n:1\r\n'], objects).values, [JSON.parse('{"__proto__":1}')])
})

test('errors are values', () => {
  for (const text of ['-WRONGTYPE Operation against a key\r\n', '!33\r\nWRONGTYPE Operation against a key\r\n']) {
    const [error] = decode([text]).values
    assert.ok(error instanceof ReplyError)
    assert.equal(error.code, 'WRONGTYPE')
    assert.equal(error.message, 'WRONGTYPE Operation against a key')
  }
  const [error] = decode(['-LONE\r\n']).values
  assert.equal((error as ReplyError).code, 'LONE')
})

test('push messages are told apart from replies', () => {
  const text = '>2\r\n+invalidate\r\n_\r\n*1\r\n>1\r\n:1\r\n:5\r\n'
  const { statuses, values } = decode([text])
  assert.deepEqual(statuses, [DecodeStatus.Push, DecodeStatus.Reply, DecodeStatus.Reply])
  assert.deepEqual(values, [['invalidate', null], [[1]], 5])
  const boundary = new ReplyBoundary()
  const bytes = latin1Bytes(text)
  const end = boundary.find(bytes, 0, bytes.length)
  assert.equal(boundary.type, ReplyType.push)
  boundary.find(bytes, end, bytes.length)
  assert.equal(boundary.type, ReplyType.array)
})

test('the type of a reply with attributes is that of the reply', () => {
  const boundary = new ReplyBoundary()
  const bytes = latin1Bytes('|1\r\n+a\r\n*2\r\n:1\r\n:2\r\n$1\r\nx\r\n')
  assert.equal(boundary.find(bytes, 0, bytes.length), bytes.length)
  assert.equal(boundary.type, ReplyType.bulk)
})

test('what is no reply', () => {
  for (const text of [
    'PING\r\n',
    '$x\r\n',
    '$-2\r\n',
    '$\r\n',
    '*-2\r\n',
    '%-1\r\n',
    '*2147483648\r\n',
    '$99999999999\r\n',
    '+OK\rX',
    '\r\n',
    '$1\rX',
  ]) {
    assert.equal(decode([text]).statuses.at(-1), DecodeStatus.Malformed, JSON.stringify(text))
    assert.equal(decode([...text]).statuses.at(-1), DecodeStatus.Malformed, JSON.stringify(text))
    assert.equal(cut([text]), 'malformed', JSON.stringify(text))
  }
  for (const text of ['$1\r\nabc', ':x\r\n', ':1.5\r\n', '#x\r\n', '_x\r\n', ',x\r\n', '(1.5\r\n', '=1\r\na\r\n']) {
    assert.equal(decode([text]).statuses.at(-1), DecodeStatus.Malformed, JSON.stringify(text))
  }
})

test('nesting is bounded for the decoder, and costs the boundary nothing', () => {
  const deep = '*1\r\n'.repeat(1000)
  assert.deepEqual(decode([deep + ':1\r\n']).statuses, [DecodeStatus.Reply])
  assert.deepEqual(decode([deep + '*1\r\n']).statuses, [DecodeStatus.Malformed])
  assert.equal(cut(['*1\r\n'.repeat(100_000) + ':1\r\n']).length, 1)
})

test('announced lengths reserve nothing', () => {
  const decoder = new ReplyDecoder()
  for (const text of ['*2147483647\r\n', '*2147483647\r\n', '$2147483647\r\n']) decoder.feed(latin1Bytes(text))
  assert.equal(decoder.next(), DecodeStatus.Incomplete)
  decoder.reset()
  decoder.feed(latin1Bytes(':1\r\n'))
  assert.equal(decoder.next(), DecodeStatus.Reply)
})
