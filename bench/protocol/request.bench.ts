/**
 * Nanoseconds per command of parsing, the way the server does it: a batch of pipelined commands lies in the shared read
 * buffer, the reader gives one at a time. Run: node dist/bench/protocol/request.bench.js
 */

import { parseRequest, ParseStatus, RequestState, startRequest } from '../../src/protocol/request-parser.js'
import { RequestPool, RequestReader } from '../../src/protocol/request-reader.js'

const DEPTH = 64
const ROUNDS = 40_000
const SAMPLES = 7

function command(...words: string[]): string {
  return `*${words.length}\r\n` + words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')
}

const key = (i: number): string => `key:${String(i * 7919).padStart(12, '0')}`

const CASES: [name: string, commandAt: (i: number) => string][] = [
  ['PING', () => command('PING')],
  ['GET 16-byte key', (i) => command('GET', key(i))],
  ['SET 16-byte key, 3-byte value', (i) => command('SET', key(i), 'xxx')],
  ['SET 16-byte key, 16-byte value', (i) => command('SET', key(i), 'x'.repeat(16))],
  ['SET 16-byte key, 512-byte value', (i) => command('SET', key(i), 'x'.repeat(512))],
  ['MSET 10 pairs', (i) => command('MSET', ...Array.from({ length: 20 }, (_, n) => key(i + n)))],
  ['inline GET', (i) => `GET ${key(i)}\r\n`],
]

function batch(commandAt: (i: number) => string): Uint8Array {
  return new TextEncoder().encode(Array.from({ length: DEPTH }, (_, i) => commandAt(i)).join(''))
}

function measure(run: () => number, commandsPerRun: number): number {
  let best = Infinity
  for (let sample = 0; sample < SAMPLES; sample++) {
    const before = process.hrtime.bigint()
    let found = 0
    for (let round = 0; round < ROUNDS; round++) found += run()
    const elapsed = Number(process.hrtime.bigint() - before)
    if (found !== ROUNDS * commandsPerRun) throw new Error('the parser lost commands')
    best = Math.min(best, elapsed / found)
  }
  return best
}

for (const [name, commandAt] of CASES) {
  const bytes = batch(commandAt)
  const state = new RequestState()
  const bare = measure(() => {
    startRequest(state, bytes, 0)
    let found = 0
    while (parseRequest(state, bytes.length) === ParseStatus.Complete) found++
    return found
  }, DEPTH)

  const reader = new RequestReader(new RequestPool())
  const whole = measure(() => {
    reader.begin(bytes, 0, bytes.length)
    let found = 0
    while (reader.next() === ParseStatus.Complete) found++
    reader.finish()
    return found
  }, DEPTH)

  const cut = bytes.length - Math.floor(bytes.length / DEPTH / 2)
  const across = measure(() => {
    let found = 0
    reader.begin(bytes, 0, cut)
    while (reader.next() === ParseStatus.Complete) found++
    reader.finish()
    reader.begin(bytes, cut, bytes.length)
    while (reader.next() === ParseStatus.Complete) found++
    reader.finish()
    return found
  }, DEPTH)

  const single = bytes.length / DEPTH
  const alone = measure(() => {
    reader.begin(bytes, 0, single)
    const found = reader.next() === ParseStatus.Complete ? 1 : 0
    reader.next()
    reader.finish()
    return found
  }, 1)

  console.log(
    `${name.padEnd(34)} parser ${bare.toFixed(1).padStart(6)}   reader ${whole.toFixed(1).padStart(6)}   ` +
      `one command cut ${across.toFixed(1).padStart(6)}   a read each ${alone.toFixed(1).padStart(6)}   ns/command`,
  )
}
