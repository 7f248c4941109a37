import { test } from 'node:test'
import { deepEqual, equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import * as bytes from '../../../src/base/bytes.js'

/** A range inside a larger array, with other bytes around it. */
const range = fc
  .tuple(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 5 }))
  .map(([before, body, after]) => {
    const all = Uint8Array.from([...before, ...body, ...after])
    return { all, start: before.length, end: before.length + body.length, body }
  })

test('equals and compare agree with a plain comparison of the bodies', () => {
  fc.assert(
    fc.property(range, range, fc.boolean(), (a, other, isSame) => {
      const b = isSame ? { all: a.body, start: 0, end: a.body.length, body: a.body } : other
      const expected = Math.sign(Buffer.compare(a.body, b.body))
      equal(bytes.compare(a.all, a.start, a.end, b.all, b.start, b.end), expected)
      equal(bytes.equals(a.all, a.start, a.end, b.all, b.start, b.end), expected === 0)
    }),
  )
})

test('equals sees a difference at every place', () => {
  for (let length = 1; length < 20; length++) {
    const a = new Uint8Array(length).fill(7)
    for (let i = 0; i < length; i++) {
      const b = a.slice()
      b[i] = 8
      equal(bytes.equals(a, 0, length, b, 0, length), false)
    }
  }
})

test('compare puts the shorter of two ranges first when one continues the other', () => {
  const text = bytes.latin1Bytes('abcabcd')
  equal(bytes.compare(text, 0, 3, text, 3, 7), -1)
  equal(bytes.compare(text, 3, 7, text, 0, 3), 1)
  equal(bytes.compare(text, 0, 0, text, 1, 1), 0)
  equal(bytes.compare(Uint8Array.of(0xff), 0, 1, Uint8Array.of(0x01), 0, 1), 1)
})

test('equalsIgnoreCase folds ASCII letters and nothing else', () => {
  const lower = bytes.latin1Bytes('get@[`{')
  equal(bytes.equalsIgnoreCase(bytes.latin1Bytes('xGeT@[`{x'), 1, 8, lower), true)
  equal(bytes.equalsIgnoreCase(bytes.latin1Bytes('get`[`{'), 0, 7, lower), false)
  equal(bytes.equalsIgnoreCase(bytes.latin1Bytes('get@{`{'), 0, 7, lower), false)
  equal(bytes.equalsIgnoreCase(bytes.latin1Bytes('get'), 0, 3, lower), false)
  equal(bytes.equalsIgnoreCase(lower, 0, 0, new Uint8Array(0)), true)
  equal(bytes.equalsIgnoreCase(Uint8Array.of(0xc9), 0, 1, Uint8Array.of(0xe9)), false)
})

test('copy moves any length, also onto itself with overlap either way', () => {
  for (const length of [0, 1, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 300]) {
    for (const distance of [-20, -8, -7, -1, 0, 1, 5, 8, 20, 400]) {
      const array = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) ^ (i >> 8))
      const expected = array.slice()
      expected.copyWithin(300 + distance, 300, 300 + length)
      bytes.copy(array, 300, 300 + length, array, 300 + distance)
      deepEqual(array, expected, `${length} bytes by ${distance}`)
    }
  }
})

test('copy between arrays touches only its target range', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), (body, at) => {
      const to = new Uint8Array(240).fill(0xaa)
      const expected = to.slice()
      expected.set(body, at)
      bytes.copy(body, 0, body.length, to, at)
      deepEqual(to, expected)
    }),
  )
})

test('indexOf looks inside the range only', () => {
  const text = bytes.latin1Bytes('a\r\nb\r')
  equal(bytes.indexOf(text, 0, 5, 13), 1)
  equal(bytes.indexOf(text, 2, 5, 13), 4)
  equal(bytes.indexOf(text, 2, 4, 13), -1)
})

test('latin1 is lossless, also beyond one piece', () => {
  const all = Uint8Array.from({ length: 10_000 }, (_, i) => i)
  const text = bytes.latin1(all, 0, all.length)
  equal(text.length, all.length)
  equal(text.charCodeAt(255), 255)
  deepEqual(bytes.latin1Bytes(text), all)
  equal(bytes.latin1(all, 0x61, 0x64), 'abc')
  equal(bytes.latin1(all, 5, 5), '')
})

test('utf8 goes both ways and keeps a byte order mark', () => {
  const text = '\ufeffgrün 🔴'
  const encoded = bytes.utf8Bytes(text)
  equal(bytes.utf8(encoded, 0, encoded.length), text)
  equal(bytes.utf8(encoded, 3, 5), 'gr')
  equal(bytes.utf8(Uint8Array.of(0x61, 0xff), 0, 2), 'a\ufffd')
})

test('isSpace names the six characters of C', () => {
  const spaces = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => bytes.isSpace(byte))
  deepEqual(spaces, [9, 10, 11, 12, 13, 32])
})

test('fixed-size integers read back what was written, in the stated byte order', () => {
  const out = new Uint8Array(8)
  const view = new DataView(out.buffer)
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 4 }), (value, at) => {
      bytes.writeUint32LE(value, out, at)
      equal(view.getInt32(at, true), value)
      equal(bytes.readInt32LE(out, at), value)
      equal(bytes.readUint32LE(out, at), value >>> 0)
      bytes.writeUint32BE(value, out, at)
      equal(view.getInt32(at), value)
      equal(bytes.readInt32BE(out, at), value)
      equal(bytes.readUint32BE(out, at), value >>> 0)
      bytes.writeUint16LE(value, out, at)
      equal(view.getUint16(at, true), value & 0xffff)
      equal(bytes.readUint16LE(out, at), value & 0xffff)
      bytes.writeUint16BE(value, out, at)
      equal(view.getUint16(at), value & 0xffff)
      equal(bytes.readUint16BE(out, at), value & 0xffff)
    }),
  )
})
