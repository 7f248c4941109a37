/**
 * Nanoseconds per reply of encoding, a batch of 64 replies between two drains. Run: node dist/bench/protocol/reply.bench.js
 */

import { ChunkPool } from '../../src/protocol/chunk-pool.js'
import { ErrorReply } from '../../src/protocol/errors.js'
import { ReplyWriter } from '../../src/protocol/reply-writer.js'

const DEPTH = 64
const ROUNDS = 40_000
const SAMPLES = 7

const arena = new Uint8Array(1 << 22).fill(0x61)

const CASES: [name: string, write: (reply: ReplyWriter, i: number) => void][] = [
  ['+OK', (reply) => reply.ok()],
  ['nil', (reply) => reply.nil()],
  ['integer, one digit', (reply, i) => reply.integer(i & 7)],
  ['integer, four digits', (reply, i) => reply.integer(1000 + i)],
  ['integer, twelve digits', (reply, i) => reply.integer(100_000_000_000 + i)],
  ['bulk of 3 bytes', (reply, i) => reply.bulk(arena, i * 24, i * 24 + 3)],
  ['bulk of 16 bytes', (reply, i) => reply.bulk(arena, i * 24, i * 24 + 16)],
  ['bulk of 32 bytes', (reply, i) => reply.bulk(arena, i * 48, i * 48 + 32)],
  ['bulk of 48 bytes', (reply, i) => reply.bulk(arena, i * 48, i * 48 + 48)],
  ['bulk of 64 bytes', (reply, i) => reply.bulk(arena, i * 72, i * 72 + 64)],
  ['bulk of 128 bytes', (reply, i) => reply.bulk(arena, i * 136, i * 136 + 128)],
  ['bulk of 1 KB', (reply, i) => reply.bulk(arena, i * 1024, i * 1024 + 1024)],
  ['bulk of 64 KB', (reply, i) => reply.bulk(arena, i * 64, i * 64 + 65536)],
  ['bulk of an integer', (reply, i) => reply.bulkInteger(1_000_000 + i)],
  ['double', (reply, i) => reply.double(i + 0.5)],
  ['error', (reply) => reply.error(ErrorReply.wrongType)],
  ['bulkText, 16 chars', (reply) => reply.bulkText('abcdefghijklmnop')],
  [
    'array of 10 bulks of 16 bytes',
    (reply) => {
      reply.array(10)
      for (let n = 0; n < 10; n++) reply.bulk(arena, n * 24, n * 24 + 16)
    },
  ],
  [
    'deferred array of the same',
    (reply) => {
      const mark = reply.deferArray()
      for (let n = 0; n < 10; n++) reply.bulk(arena, n * 24, n * 24 + 16)
      reply.setArray(mark, 10)
    },
  ],
]

for (const [name, write] of CASES) {
  const reply = new ReplyWriter(new ChunkPool())
  let best = Infinity
  const rounds = name.includes('KB') ? ROUNDS / 20 : ROUNDS
  for (let sample = 0; sample < SAMPLES; sample++) {
    const before = process.hrtime.bigint()
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < DEPTH; i++) write(reply, i)
      reply.consume(reply.pendingBytes)
    }
    best = Math.min(best, Number(process.hrtime.bigint() - before) / rounds / DEPTH)
  }
  console.log(`${name.padEnd(34)} ${best.toFixed(1).padStart(8)} ns/reply`)
}
