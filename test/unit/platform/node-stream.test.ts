/** The two ends of a link within the process. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LinkReceiver } from '../../../src/base/environment.js'
import { type StoreStream, StreamLink } from '../../../src/platform/node-stream.js'

class Recorder implements LinkReceiver {
  readonly events: string[] = []

  received(bytes: Uint8Array, start: number, end: number): void {
    this.events.push(`received ${Buffer.from(bytes.subarray(start, end)).toString()}`)
  }

  drained(): void {
    this.events.push('drained')
  }

  ended(): void {
    this.events.push('ended')
  }

  closed(reason: string): void {
    this.events.push(`closed ${reason}`)
  }

  take(): string[] {
    return this.events.splice(0)
  }
}

function create(): { link: StreamLink; stream: StoreStream; recorder: Recorder } {
  const link = new StreamLink()
  const recorder = new Recorder()
  link.start(recorder)
  return { link, stream: link.stream, recorder }
}

const send = (link: StreamLink, text: string): boolean => {
  const bytes = Buffer.from(text)
  const taken = link.write(bytes, 0, bytes.length)
  bytes.fill(0) // the link must not rely on it
  return taken
}

test('bytes arrive later, and what was written in one go in one piece', async () => {
  const { stream, recorder } = create()
  stream.write('one')
  stream.write('two')
  stream.write('three')
  assert.deepEqual(recorder.take(), [])
  await nextTurn()
  assert.equal(recorder.take().join('').replaceAll('received ', ''), 'onetwothree')
})

test('a link that is paused gets nothing, and the writer fills up', async () => {
  const { link, stream, recorder } = create()
  link.pauseReading()
  while (stream.write('x'.repeat(1000)));
  await nextTurn()
  assert.deepEqual(recorder.take(), [])
  assert.ok(stream.writableLength > 10_000)
  link.resumeReading()
  await once(stream, 'drain')
  assert.equal(stream.writableLength, 0)
  assert.ok(recorder.take().length > 0)
})

test('a client that does not read makes the link wait', async () => {
  const { link, stream, recorder } = create()
  let sent = 0
  do sent += 10_000
  while (send(link, 'y'.repeat(10_000)))
  assert.ok(sent < 1_000_000)
  await nextTurn()
  assert.deepEqual(recorder.take(), [])
  let read = 0
  stream.on('data', (chunk: Buffer) => {
    assert.ok(chunk.every((byte) => byte === 0x79))
    read += chunk.length
  })
  while (read < sent) await nextTurn()
  await nextTurn()
  assert.deepEqual(recorder.take(), ['drained'])
  assert.equal(send(link, 'y'), true)
})

test('the client ends', async () => {
  const { link, stream, recorder } = create()
  stream.end('last')
  await nextTurn()
  assert.deepEqual(recorder.take(), ['received last', 'ended'])
  assert.equal(send(link, 'bye'), true)
  link.end()
  link.destroy()
  stream.setEncoding('utf8')
  assert.deepEqual(await stream.toArray(), ['bye'])
  await nextTurn()
  assert.deepEqual(recorder.take(), ['closed '])
})

test('the store ends', async () => {
  const { link, stream, recorder } = create()
  send(link, 'bye')
  link.end()
  link.destroy()
  assert.equal(send(link, 'too late'), true)
  stream.setEncoding('utf8')
  assert.deepEqual(await stream.toArray(), ['bye'])
  if (!stream.closed) await once(stream, 'close')
  await nextTurn()
  assert.equal(recorder.take().at(-1), 'closed ')
})

test('either side can drop it', async () => {
  const one = create()
  one.link.destroy()
  await once(one.stream, 'close')
  await nextTurn()
  assert.deepEqual(one.recorder.take(), ['closed '])

  const two = create()
  two.stream.write('lost')
  two.stream.destroy()
  await once(two.stream, 'close')
  await nextTurn()
  assert.equal(two.recorder.take().at(-1), 'closed ')
  assert.equal(send(two.link, 'x'), true)
})
