/** Helpers for tests of the reply side: a writer's output, and replies as data that can be written and compared. */

import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { formatDouble } from '../../../src/base/double.js'
import type { ReplyWriter } from '../../../src/protocol/reply-writer.js'

/** Everything pending, as a byte string. */
export function outputOf(reply: ReplyWriter): string {
  let text = ''
  for (let i = 0; i < reply.segmentCount; i++) {
    text += latin1(reply.segmentBytes(i), reply.segmentStart(i), reply.segmentEnd(i))
  }
  assert.equal(text.length, reply.pendingBytes)
  return text
}

/** Takes everything out, in portions of the sizes given (then the rest at once). */
export function drain(reply: ReplyWriter, portions: readonly number[] = []): string {
  let text = ''
  for (const portion of portions) {
    if (reply.pendingBytes === 0) break
    const count = Math.min(portion, reply.pendingBytes)
    text += outputOf(reply).slice(0, count)
    reply.consume(count)
  }
  text += outputOf(reply)
  reply.consume(reply.pendingBytes)
  assert.equal(reply.memoryBytes, 0)
  return text
}

/** A reply to write; `deferred` aggregates announce their length at the end. */
export type Reply =
  | { readonly kind: 'nil' | 'nilArray' | 'ok' }
  | { readonly kind: 'integer' | 'double' | 'bulkInteger'; readonly value: number }
  | { readonly kind: 'int64' | 'bulkInt64'; readonly high: number; readonly low: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'simple' | 'bulk' | 'bulkText' | 'bulkLatin1' | 'verbatim' | 'bigNumber'; readonly value: string }
  | { readonly kind: 'array' | 'set' | 'map'; readonly deferred: boolean; readonly items: readonly Reply[] }

const ascii = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) })
const long = fc.integer({ min: 500, max: 40000 }).map((length) => 'abcdefghij'.repeat(length / 10))

const scalar: fc.Arbitrary<Reply> = fc.oneof(
  fc.constantFrom<Reply>({ kind: 'nil' }, { kind: 'nilArray' }, { kind: 'ok' }),
  fc.record({ kind: fc.constantFrom('integer', 'bulkInteger'), value: fc.maxSafeInteger() }),
  fc.record({ kind: fc.constantFrom('integer', 'bulkInteger'), value: fc.integer({ min: -120, max: 1200 }) }),
  fc.record({ kind: fc.constant('double'), value: fc.double({ noNaN: true }) }),
  fc.record({
    kind: fc.constantFrom('int64', 'bulkInt64'),
    high: fc.integer(),
    low: fc.integer({ min: 0, max: 0xffffffff }),
  }),
  fc.record({ kind: fc.constant('boolean'), value: fc.boolean() }),
  fc.record({ kind: fc.constant('simple'), value: ascii }),
  fc.record({ kind: fc.constantFrom('bulk', 'bulkLatin1'), value: fc.string({ unit: 'binary-ascii' }) }),
  fc.record({ kind: fc.constantFrom('bulk', 'bulkLatin1', 'bulkText', 'verbatim', 'simple'), value: long }),
  fc.record({ kind: fc.constantFrom('bulkText', 'verbatim'), value: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constant('bigNumber'), value: fc.bigInt().map(String) }),
)

export const anyReply: fc.Arbitrary<Reply> = fc.letrec<{ reply: Reply; aggregate: Reply }>((tie) => ({
  reply: fc.oneof({ depthSize: 'small', withCrossShrink: true }, { weight: 3, arbitrary: scalar }, tie('aggregate')),
  aggregate: fc
    .record({
      kind: fc.constantFrom('array', 'set', 'map'),
      deferred: fc.boolean(),
      items: fc.array(tie('reply'), { maxLength: 12 }),
    })
    .map(({ kind, deferred, items }) => ({
      kind,
      deferred,
      items: kind === 'map' && items.length % 2 === 1 ? items.slice(1) : items,
    })) as fc.Arbitrary<Reply>,
})).reply

export function write(to: ReplyWriter, reply: Reply): void {
  switch (reply.kind) {
    case 'ok':
      return to.ok()
    case 'nil':
      return to.nil()
    case 'nilArray':
      return to.nilArray()
    case 'int64':
      return to.int64(reply.high, reply.low)
    case 'bulkInt64':
      return to.bulkInt64(reply.high, reply.low)
    case 'integer':
    case 'double':
    case 'bulkInteger':
      return to[reply.kind](reply.value)
    case 'boolean':
      return to.boolean(reply.value)
    case 'bulk': {
      const bytes = latin1Bytes(`<${reply.value}>`)
      return to.bulk(bytes, 1, bytes.length - 1)
    }
    case 'verbatim':
      return to.verbatim('txt', reply.value)
    case 'array':
    case 'set':
    case 'map':
      return writeAggregate(to, reply)
    default:
      return to[reply.kind](reply.value)
  }
}

function writeAggregate(to: ReplyWriter, reply: Extract<Reply, { items: unknown }>): void {
  const count = reply.kind === 'map' ? reply.items.length / 2 : reply.items.length
  const mark = reply.deferred ? defer[reply.kind](to) : 0
  if (!reply.deferred) to[reply.kind](count)
  for (const item of reply.items) write(to, item)
  if (!reply.deferred) return
  if (reply.kind === 'array') to.setArray(mark, count)
  else if (reply.kind === 'map') to.setMap(mark, count)
  else to.setSet(mark, count)
}

const defer = {
  array: (to: ReplyWriter) => to.deferArray(),
  map: (to: ReplyWriter) => to.deferMap(),
  set: (to: ReplyWriter) => to.deferSet(),
}

/** What the bytes on the wire must be, written down independently of the writer. */
export function encode(reply: Reply, protocol: 2 | 3): string {
  const resp3 = protocol === 3
  switch (reply.kind) {
    case 'ok':
      return '+OK\r\n'
    case 'nil':
      return resp3 ? '_\r\n' : '$-1\r\n'
    case 'nilArray':
      return resp3 ? '_\r\n' : '*-1\r\n'
    case 'integer':
      return `:${reply.value}\r\n`
    case 'int64':
      return `:${int64(reply)}\r\n`
    case 'bulkInt64':
      return bulk(String(int64(reply)))
    case 'bulkInteger':
      return bulk(String(reply.value))
    case 'boolean':
      return resp3 ? (reply.value ? '#t\r\n' : '#f\r\n') : reply.value ? ':1\r\n' : ':0\r\n'
    case 'simple':
      return `+${reply.value}\r\n`
    case 'bulk':
    case 'bulkLatin1':
      return bulk(reply.value)
    case 'bulkText':
      return bulk(utf8Of(reply.value))
    case 'verbatim': {
      const text = utf8Of(reply.value)
      return resp3 ? `=${text.length + 4}\r\ntxt:${text}\r\n` : bulk(text)
    }
    case 'bigNumber':
      return resp3 ? `(${reply.value}\r\n` : bulk(reply.value)
    case 'double':
      return resp3 ? `,${formatDouble(reply.value)}\r\n` : bulk(formatDouble(reply.value))
    case 'array':
      return `*${reply.items.length}\r\n` + encodeAll(reply.items, protocol)
    case 'set':
      return `${resp3 ? '~' : '*'}${reply.items.length}\r\n` + encodeAll(reply.items, protocol)
    case 'map':
      return (
        (resp3 ? `%${reply.items.length / 2}\r\n` : `*${reply.items.length}\r\n`) + encodeAll(reply.items, protocol)
      )
  }
}

function encodeAll(items: readonly Reply[], protocol: 2 | 3): string {
  return items.map((item) => encode(item, protocol)).join('')
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}

function int64({ high, low }: { high: number; low: number }): bigint {
  return BigInt(high) * 2n ** 32n + BigInt(low)
}

function utf8Of(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return latin1(bytes, 0, bytes.length)
}
