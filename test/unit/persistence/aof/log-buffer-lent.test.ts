/** Requests that are copied out of lent input only when they must be. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../../src/base/bytes.js'
import { LogBuffer } from '../../../../src/persistence/aof/log-buffer.js'

const WORD = 'abcdefgh'
const SOURCE = latin1Bytes(WORD.repeat(8))

function add(buffer: LogBuffer, bytes: Uint8Array, start: number, end: number, isLent: boolean): void {
  if (isLent && buffer.appendLent(bytes, 0, start, end)) return
  buffer.append(bytes, Int32Array.of(0), Int32Array.of(start), Int32Array.of(end), 1, 0)
}

function selected(): LogBuffer {
  const buffer = new LogBuffer()
  add(buffer, SOURCE, 0, 1, false)
  buffer.consume(buffer.length)
  return buffer
}

function text(buffer: LogBuffer): string {
  buffer.settle()
  return latin1(buffer.bytes, 0, buffer.length)
}

test('what comes in any order, lent or not, settled or not, is there in that order', () => {
  const piece = fc.tuple(
    fc.nat(56),
    fc.integer({ min: 1, max: 8 }),
    fc.boolean(),
    fc.constantFrom('', 'settle', 'consume'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const buffer = selected()
      let expected = ''
      let at = 0
      for (const [place, length, isLent, then] of pieces) {
        const start = place % 3 === 0 ? at % 56 : place // often right behind the one before
        const bytes = SOURCE.slice()
        add(buffer, place % 2 === 0 ? SOURCE : bytes, start, start + length, isLent)
        at = start + length
        expected += latin1(SOURCE, start, start + length)
        assert.equal(buffer.length, expected.length)
        if (then === '') continue
        buffer.settle()
        bytes.fill(0)
        if (then === 'settle') continue
        const consumed = Math.floor(expected.length / 2)
        buffer.consume(consumed)
        expected = expected.slice(consumed)
      }
      assert.equal(text(buffer), expected)
    }),
  )
})

test('lent input may be overwritten once it is settled', () => {
  const buffer = selected()
  const input = SOURCE.slice()
  for (let i = 0; i < 24; i += 8) add(buffer, input, i, i + 8, true)
  assert.equal(buffer.length, 24)
  buffer.settle()
  input.fill(0x78)
  assert.equal(text(buffer), WORD.repeat(3))
})

test('another database and the time need words of their own', () => {
  const buffer = selected()
  assert.equal(buffer.appendLent(SOURCE, 1, 0, 8), false)
  buffer.notesTime = true
  assert.equal(buffer.appendLent(SOURCE, 0, 0, 8), false)
  assert.equal(buffer.length, 0)
})
