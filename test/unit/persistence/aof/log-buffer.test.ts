import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latin1, latin1Bytes } from '../../../../src/base/bytes.js'
import { LogBuffer } from '../../../../src/persistence/aof/log-buffer.js'

function request(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}

function add(buffer: LogBuffer, nowMs: number, ...items: readonly (readonly [number, string])[]): void {
  const bytes = latin1Bytes(items.map(([, text]) => text).join(''))
  const databases = Int32Array.from(items, ([database]) => database)
  const starts = new Int32Array(items.length)
  const ends = new Int32Array(items.length)
  let at = 0
  for (const [i, [, text]] of items.entries()) {
    starts[i] = at
    at += text.length
    ends[i] = at
  }
  buffer.append(bytes, databases, starts, ends, items.length, nowMs)
}

function textOf(buffer: LogBuffer): string {
  return latin1(buffer.bytes, 0, buffer.length)
}

describe('log buffer', () => {
  test('SELECT where the database changes, MULTI and EXEC around several', () => {
    const buffer = new LogBuffer()
    const set = request('SET', 'a', '1')
    add(buffer, 0, [0, set])
    add(buffer, 0, [0, set])
    add(buffer, 0, [12, set], [3, set])
    assert.equal(
      textOf(buffer),
      request('SELECT', '0') + set + set + request('MULTI') + request('SELECT', '12') + set + request('SELECT', '3') +
        set + request('EXEC'),
    ) // prettier-ignore
    buffer.consume(buffer.length)
    add(buffer, 0, [3, set])
    assert.equal(textOf(buffer), set)
    buffer.forgetDatabase()
    add(buffer, 0, [3, set])
    assert.equal(textOf(buffer), set + request('SELECT', '3') + set)
  })

  test('the time, once a second, in front of a unit', () => {
    const buffer = new LogBuffer()
    buffer.notesTime = true
    add(buffer, 1_700_000_000_999, [0, 'A'], [0, 'B'])
    add(buffer, 1_700_000_001_000, [0, 'C'])
    add(buffer, 1_700_000_001_500, [0, 'D'])
    assert.equal(
      textOf(buffer),
      `#TS:1700000000\r\n${request('MULTI')}${request('SELECT', '0')}AB${request('EXEC')}#TS:1700000001\r\nCD`,
    )
  })

  test('what was not written stays, and large units fit', () => {
    const buffer = new LogBuffer()
    const large = 'x'.repeat(3_000_000)
    add(buffer, 0, [0, large])
    const prefix = request('SELECT', '0')
    assert.equal(textOf(buffer), prefix + large)
    buffer.consume(prefix.length + 2_999_990)
    assert.equal(textOf(buffer), 'x'.repeat(10))
    buffer.consume(10)
    assert.ok(buffer.bytes.length < 1 << 20)
  })
})
