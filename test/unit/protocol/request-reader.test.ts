import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { ErrorReply } from '../../../src/protocol/errors.js'
import { ParseStatus } from '../../../src/protocol/request-parser.js'
import { RequestPool, RequestReader } from '../../../src/protocol/request-reader.js'
import { argsOf, commandsOf, multibulk, pieces, sentCommand, Transport } from './requests.js'

function newTransport(pool = new RequestPool()): Transport {
  return new Transport(new RequestReader(pool))
}

function assertIdle(reader: RequestReader): void {
  assert.equal(reader.hasRest, false)
  assert.equal(reader.memoryBytes, 0)
  assert.equal(reader.queryBytes, 0)
  assert.equal(reader.queryBytesFree, 0)
  assert.equal(reader.argumentBytes, 0)
}

test('commands in any cuts, through a shared buffer that is scribbled over', () => {
  const pool = new RequestPool()
  fc.assert(
    fc.property(
      fc.array(sentCommand, { maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.nat({ max: 60000 }),
      (sent, cuts, offset) => {
        const transport = newTransport(pool)
        for (const piece of pieces(sent.map(({ wire }) => wire).join(''), cuts)) transport.receive(piece, offset)
        assert.deepEqual(transport.commands, commandsOf(sent))
        assertIdle(transport.reader)
        assert.equal(pool.takenBytes, 0)
      },
    ),
    { numRuns: 300 },
  )
})

test('clients that block, wait, run a command again and go on', () => {
  const pool = new RequestPool()
  fc.assert(
    fc.property(
      fc.array(sentCommand, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 7 })),
      (sent, cuts, choices) => {
        const reader = new RequestReader(pool)
        const shared = new Uint8Array(8192)
        const commands: string[][] = []
        const choose = (): number => choices.next().value
        const run = (): void => {
          for (let choice = choose(); choice !== 0; choice = choose()) {
            const status = reader.next()
            if (status === ParseStatus.Incomplete) break
            if (status === ParseStatus.Empty) continue
            assert.equal(status, ParseStatus.Complete)
            if (choice > 1) {
              commands.push(argsOf(reader.args))
            } else {
              reader.unread() // blocked: the command is to run again
              break
            }
          }
          reader.finish()
          shared.fill(0xee)
        }
        for (const piece of pieces(sent.map(({ wire }) => wire).join(''), cuts)) {
          const bytes = latin1Bytes(piece)
          for (let at = 0; at < bytes.length; at += shared.length) {
            const part = bytes.subarray(at, at + shared.length)
            shared.set(part)
            reader.begin(shared, 0, part.length)
            run()
            for (let rounds = choose() & 1; rounds > 0; rounds--) {
              reader.resume()
              run()
            }
          }
        }
        for (let round = 0; reader.hasRest && round < 1000; round++) {
          reader.resume()
          run()
        }
        assert.deepEqual(commands, commandsOf(sent))
        assertIdle(reader)
        assert.equal(pool.takenBytes, 0)
      },
    ),
    { numRuns: 400 },
  )
})

test('an idle reader holds nothing, and readers share one state', () => {
  const pool = new RequestPool()
  const readers = Array.from({ length: 3 }, () => newTransport(pool))
  for (const transport of readers) {
    transport.receive(multibulk('PING'))
    assertIdle(transport.reader)
    assert.equal(transport.reader.args, pool.idle)
  }
  assert.equal(pool.takenBytes, 0)
})

test('what is left over is kept in a small buffer and given back', () => {
  const pool = new RequestPool()
  const transport = newTransport(pool)
  transport.receive(multibulk('SET', 'k', 'v').slice(0, -3))
  assert.equal(transport.reader.hasRest, true)
  assert.equal(pool.takenBytes, 1024)
  transport.receive('')
  transport.receive('v\r\n' + multibulk('GET', 'k'))
  assert.deepEqual(transport.commands, [
    ['SET', 'k', 'v'],
    ['GET', 'k'],
  ])
  assertIdle(transport.reader)
  assert.equal(pool.takenBytes, 0)
})

test('only the command across two reads is copied', () => {
  const pool = new RequestPool()
  const transport = newTransport(pool)
  const text = multibulk('SET', 'key', 'value').repeat(1500)
  transport.receive(text.slice(0, 10))
  const places: Uint8Array[] = []
  const rest = latin1Bytes(text.slice(10))
  transport.shared.set(rest)
  transport.reader.begin(transport.shared, 0, rest.length)
  while (transport.reader.next() === ParseStatus.Complete) places.push(transport.reader.args.bytes)
  assert.equal(places.length, 1500)
  assert.ok(places.slice(0, 1).every((bytes) => bytes !== transport.shared))
  assert.ok(places.slice(1).every((bytes) => bytes === transport.shared))
  transport.reader.finish()
  assertIdle(transport.reader)
})

test('a big argument has its room reserved exactly once its length is known', () => {
  const pool = new RequestPool()
  const transport = newTransport(pool)
  const value = 'v'.repeat(1_000_000)
  const text = multibulk('SET', 'k', value)
  const begin = text.indexOf('v')
  transport.receive(text.slice(0, begin))
  assert.equal(pool.takenBytes, text.length)
  assert.equal(transport.reader.queryBytes, 0)
  assert.equal(transport.reader.queryBytesFree, value.length + 2)
  assert.equal(transport.reader.argumentBytes, 4)

  transport.reader.trim()
  assert.ok(pool.takenBytes < 2048)

  transport.receive(text.slice(begin, -1))
  assert.ok(pool.takenBytes <= text.length + 2048)
  transport.receive('\n')
  assert.deepEqual(
    transport.commands.map((args) => args.map((arg) => arg.length)),
    [[3, 1, 1_000_000]],
  )
  assert.equal(pool.takenBytes, 0)
})

test('accounting while a command runs and while it waits', () => {
  const transport = newTransport()
  const { reader, shared } = transport
  const list = latin1Bytes(multibulk('client', 'list'))
  shared.set(list)
  reader.begin(shared, 0, list.length)
  assert.equal(reader.next(), ParseStatus.Complete)
  assert.equal(reader.queryBytes, 26)
  assert.equal(reader.queryBytesFree, shared.length - 26)
  assert.equal(reader.argumentBytes, 10)
  reader.unread()
  reader.finish()
  assert.equal(reader.queryBytes, 26)
  assert.equal(reader.argumentBytes, 10)

  transport.goesOn = () => false
  transport.receive('GET k\r\n')
  assert.equal(reader.queryBytes, 33)
  transport.goesOn = () => true
  transport.resume()
  assert.deepEqual(transport.commands, [
    ['client', 'list'],
    ['GET', 'k'],
  ])
  assertIdle(reader)
})

test('a client that waits behind a command that has run', () => {
  const { reader, shared } = newTransport()
  const text = latin1Bytes(multibulk('BLPOP', 'k', '0') + multibulk('PING'))
  shared.set(text)
  reader.begin(shared, 0, text.length)
  assert.equal(reader.next(), ParseStatus.Complete)
  reader.finish()
  assert.equal(reader.queryBytes, multibulk('PING').length)
  assert.equal(reader.argumentBytes, 0)
  reader.release()
})

test('a client that waits may send up to client-query-buffer-limit', () => {
  const transport = newTransport()
  transport.reader.queryBytesMax = 10_000
  transport.goesOn = () => false
  for (let i = 0; i < 10; i++) transport.receive('x'.repeat(1000))
  transport.goesOn = () => true
  transport.receive('x')
  assert.equal(transport.last, ParseStatus.QueryBufferLimit)
  assertIdle(transport.reader)
})

test('arguments already read do not count against client-query-buffer-limit', () => {
  const transport = newTransport()
  transport.reader.queryBytesMax = 10_000
  const args = ['MSET', ...Array.from({ length: 40 }, () => 'x'.repeat(1000))]
  const text = multibulk(...args)
  for (let at = 0; at < text.length; at += 5000) transport.receive(text.slice(at, at + 5000))
  assert.deepEqual(transport.commands, [args])
  assertIdle(transport.reader)
})

test('after a protocol error nothing more is parsed', () => {
  const transport = newTransport()
  transport.receive(multibulk('PING') + '*x\r\n' + multibulk('PING'))
  assert.equal(transport.last, ParseStatus.ProtocolError)
  transport.receive(multibulk('PING'))
  assert.equal(transport.last, ParseStatus.ProtocolError)
  assert.equal(transport.commands.length, 1)
  assertIdle(transport.reader)
})

test('bounds that change between two commands of one read', () => {
  const transport = newTransport()
  const { reader, shared } = transport
  reader.isRestricted = true
  const text = latin1Bytes(multibulk('AUTH', 'x') + multibulk(...Array.from({ length: 11 }, () => 'y')))
  shared.set(text)
  reader.begin(shared, 0, text.length)
  assert.equal(reader.next(), ParseStatus.Complete)
  reader.isRestricted = false
  assert.equal(reader.next(), ParseStatus.Complete)
  assert.equal(reader.args.argc, 11)
  reader.finish()
  reader.isRestricted = true
  shared.set(latin1Bytes('*11\r\n'))
  reader.begin(shared, 0, 5)
  assert.equal(reader.next(), ParseStatus.ProtocolError)
  assert.equal(reader.args.error, ErrorReply.protocolUnauthenticatedMultibulk)
})

test('a million arguments in small reads take linear time and memory', () => {
  const pool = new RequestPool()
  const transport = newTransport(pool)
  const count = 1_000_000
  const { reader } = transport
  const text = latin1Bytes(`*${count}\r\n` + '$1\r\nx\r\n'.repeat(count))
  let found = 0
  for (let at = 0; at < text.length; at += 200) {
    reader.begin(text, at, Math.min(at + 200, text.length))
    if (reader.next() === ParseStatus.Complete) found = reader.args.argc
    else reader.finish()
    assert.ok(pool.takenBytes <= text.length * 4)
  }
  assert.equal(found, count)
  assert.equal(reader.next(), ParseStatus.Incomplete)
  reader.finish()
  assertIdle(reader)
})

test('release gives everything back at any moment', () => {
  const pool = new RequestPool()
  const transport = newTransport(pool)
  transport.receive(multibulk('SET', 'k', 'v').slice(0, -4))
  transport.reader.release()
  assertIdle(transport.reader)
  assert.equal(pool.takenBytes, 0)
  transport.receive(multibulk('PING'))
  assert.deepEqual(transport.commands, [['PING']])
})
