/**
 * Arbitrary bytes for every decoder of the protocol: nothing throws, nothing loops, memory stays in proportion, and how
 * the bytes are cut makes no difference. The bytes are random, or a valid stream with a few bytes changed.
 *
 * SPINEL_FUZZ_RUNS sets the number of runs of each test; a failure prints its seed, which SPINEL_FUZZ_SEED replays.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { ChunkPool } from '../../../src/protocol/chunk-pool.js'
import { DecodeStatus, ReplyBoundary, ReplyDecoder } from '../../../src/protocol/reply-decoder.js'
import { ReplyWriter } from '../../../src/protocol/reply-writer.js'
import { parseRequest, ParseStatus, RequestState, startRequest } from '../../../src/protocol/request-parser.js'
import { RequestPool, RequestReader } from '../../../src/protocol/request-reader.js'
import { anyReply, drain, write } from '../../unit/protocol/replies.js'
import { argsOf, pieces, sentCommand } from '../../unit/protocol/requests.js'

const seed = process.env['SPINEL_FUZZ_SEED']
const parameters = {
  numRuns: Number(process.env['SPINEL_FUZZ_RUNS'] ?? 1500),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
}

/** Bytes that mean something to either side of the protocol, and others. */
const telling = fc.constantFrom(...'*$+-:_#,(!=%~>|\r\n0123456789 "\'\\x\0\t\v-a\xff')
const noise = fc.array(telling, { maxLength: 60 }).map((bytes) => bytes.join(''))
const change = fc.record({
  at: fc.nat(),
  drop: fc.integer({ min: 0, max: 4 }),
  insert: fc.array(telling, { maxLength: 3 }),
})

function damaged(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(valid, fc.array(change, { maxLength: 4 })).map(([text, changes]) => {
    for (const { at, drop, insert } of changes) {
      const place = at % (text.length + 1)
      text = text.slice(0, place) + insert.join('') + text.slice(place + drop)
    }
    return text
  })
}

const requests = fc.oneof(
  noise,
  damaged(fc.array(sentCommand, { maxLength: 6 }).map((sent) => sent.map(({ wire }) => wire).join(''))),
)

const replies = fc.oneof(
  noise,
  damaged(
    fc.tuple(fc.array(anyReply, { maxLength: 3 }), fc.constantFrom<2 | 3>(2, 3)).map(([all, protocol]) => {
      const writer = new ReplyWriter(new ChunkPool())
      writer.protocol = protocol
      for (const reply of all) write(writer, reply)
      return drain(writer)
    }),
  ),
)

type Outcome = { commands: string[][]; status: ParseStatus; error: string }

function parseWhole(text: string): Outcome {
  const bytes = latin1Bytes(text)
  const state = new RequestState()
  startRequest(state, bytes, 0)
  const commands: string[][] = []
  for (let steps = 0; ; steps++) {
    assert.ok(steps <= bytes.length + 1, 'the parser does not get on')
    const before = state.position
    const status = parseRequest(state, bytes.length)
    if (status === ParseStatus.Incomplete || status >= ParseStatus.ProtocolError) {
      return { commands, status, error: status === ParseStatus.ProtocolError ? state.error.text : '' }
    }
    assert.ok(state.position > before)
    assert.ok(state.position <= bytes.length)
    if (status === ParseStatus.Complete) commands.push(argsOf(state))
  }
}

function readInPieces(pool: RequestPool, parts: readonly string[]): Outcome {
  const reader = new RequestReader(pool)
  const shared = new Uint8Array(4096)
  const outcome: Outcome = { commands: [], status: ParseStatus.Incomplete, error: '' }
  for (const part of parts) {
    for (let at = 0; at < part.length; at += shared.length) {
      const bytes = latin1Bytes(part.slice(at, at + shared.length))
      shared.set(bytes)
      reader.begin(shared, 0, bytes.length)
      do {
        outcome.status = reader.next()
        if (outcome.status === ParseStatus.Complete) outcome.commands.push(argsOf(reader.args))
      } while (outcome.status === ParseStatus.Complete || outcome.status === ParseStatus.Empty)
      if (outcome.status === ParseStatus.ProtocolError) outcome.error = reader.args.error.text
      reader.finish()
      shared.fill(0x24)
      if (outcome.status !== ParseStatus.Incomplete) return outcome
    }
  }
  reader.release()
  assert.equal(pool.takenBytes, 0)
  return outcome
}

test('requests of any bytes, whole and in pieces', () => {
  const pool = new RequestPool()
  fc.assert(
    fc.property(requests, fc.array(fc.nat(), { maxLength: 10 }), (text, cuts) => {
      const whole = parseWhole(text)
      assert.deepEqual(readInPieces(pool, pieces(text, cuts)), whole)
      if (text.length < 500) assert.deepEqual(readInPieces(pool, [...text]), whole)
    }),
    parameters,
  )
})

test('a request that never ends stays within client-query-buffer-limit', () => {
  const pool = new RequestPool()
  fc.assert(
    fc.property(requests, fc.integer({ min: 100, max: 5000 }), (text, limit) => {
      if (text === '') return
      const reader = new RequestReader(pool)
      reader.queryBytesMax = limit
      const bytes = latin1Bytes(text)
      for (let round = 0; round < 50; round++) {
        reader.begin(bytes, 0, bytes.length)
        reader.finish() // a client that is blocked
        assert.ok(reader.memoryBytes <= 4 * (limit + bytes.length) + 2048)
      }
      reader.release()
      assert.equal(pool.takenBytes, 0)
    }),
    { ...parameters, numRuns: parameters.numRuns / 5 },
  )
})

function decodeAll(parts: readonly string[]): { values: unknown[]; status: DecodeStatus } {
  const decoder = new ReplyDecoder()
  const values: unknown[] = []
  let fed = 0
  for (const part of parts) {
    decoder.feed(latin1Bytes(part))
    fed += part.length
    for (;;) {
      const status = decoder.next()
      if (status === DecodeStatus.Malformed) return { values, status }
      if (status === DecodeStatus.Incomplete) break
      values.push(decoder.value)
      assert.ok(values.length <= fed, 'the decoder does not get on')
    }
  }
  return { values, status: DecodeStatus.Incomplete }
}

test('replies of any bytes, whole and in pieces', () => {
  fc.assert(
    fc.property(replies, fc.array(fc.nat(), { maxLength: 10 }), (text, cuts) => {
      const whole = decodeAll([text])
      assert.deepEqual(decodeAll(pieces(text, cuts)), whole)
      if (text.length < 500) assert.deepEqual(decodeAll([...text]), whole)
    }),
    parameters,
  )
})

test('a stream of any bytes is cut the same way however it arrives, and where the decoder cuts it', () => {
  fc.assert(
    fc.property(replies, fc.array(fc.nat(), { maxLength: 10 }), (text, cuts) => {
      const whole = cutAll([text])
      assert.deepEqual(cutAll(pieces(text, cuts)), whole)
      // The decoder is the stricter one: what it accepts, the boundary finds.
      const { values } = decodeAll([text])
      assert.ok(whole.length >= values.length)
      for (let i = 0; i < values.length; i++) assert.deepEqual(decodeAll([whole[i]!]).values, [values[i]])
    }),
    parameters,
  )
})

function cutAll(parts: readonly string[]): string[] {
  const boundary = new ReplyBoundary()
  const found: string[] = []
  let reply = ''
  for (const part of parts) {
    const bytes = latin1Bytes(part)
    for (let at = 0; at < bytes.length;) {
      const end = boundary.find(bytes, at, bytes.length)
      if (end < 0) return found
      assert.ok(end > at)
      reply += latin1(bytes, at, Math.min(end, bytes.length))
      if (end <= bytes.length) {
        found.push(reply)
        reply = ''
      }
      at = end
    }
  }
  return found
}
