/** String values in a database, without commands around them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1, latin1Bytes } from '../../../../src/base/bytes.js'
import { Int64 } from '../../../../src/base/int64.js'
import { Slice } from '../../../../src/base/slice.js'
import { type Database, KEEP_EXPIRY, NO_EXPIRY } from '../../../../src/keyspace/database.js'
import { clockWordOf, CLOCK_MASK, Encoding, encodingOf, expiryOf, metaOf } from '../../../../src/keyspace/entry.js'
import {
  isInteger,
  makeRaw,
  openString,
  plainLength,
  readInteger,
  readSafeInteger,
  setBlock,
  setBytes,
  setInteger,
  setString,
  stringLength,
  valueBytes,
  valueSegment,
  valueStart,
  viewString,
} from '../../../../src/keyspace/types/string.js'
import { TestStore } from '../../../support/test-store.js'

const KEY = latin1Bytes('key')
const EXPIRY_MS = 1_800_000_000_000

/** One key of one database, as the functions under test see it. */
class Subject {
  readonly store: TestStore
  readonly database: Database

  constructor() {
    this.store = new TestStore()
    this.database = this.store.store.keyspace.databases[0]!
  }

  get arena(): Subject['database']['keyspace']['arena'] {
    return this.database.keyspace.arena
  }

  get entry(): number {
    return this.database.find(KEY, 0, KEY.length)
  }

  set(text: string, expiryMs = NO_EXPIRY): number {
    const value = latin1Bytes(`<${text}>`)
    return setString(this.database, this.entry, KEY, 0, KEY.length, value, 1, text.length + 1, expiryMs)
  }

  setBytes(text: string, expiryMs = NO_EXPIRY): number {
    return setBytes(this.database, this.entry, KEY, 0, KEY.length, latin1Bytes(text), 0, text.length, expiryMs)
  }

  open(length: number, zeroEnd: number): number {
    return openString(this.database, this.entry, KEY, 0, KEY.length, length, zeroEnd)
  }

  get text(): string {
    const view = new Slice()
    viewString(this.arena, this.entry, view, new Uint8Array(20))
    return latin1(view.bytes, view.start, view.end)
  }

  get encoding(): number {
    return encodingOf(this.arena, this.entry)
  }
}

const LENGTHS = [0, 1, 20, 44, 45, 100, 254, 255, 256, 300, 5000, 20_000]

test('what is set is there, whatever was there before', () => {
  for (const first of LENGTHS) {
    for (const second of LENGTHS) {
      const subject = new Subject()
      subject.set('a'.repeat(first))
      assert.equal(subject.set('b'.repeat(second)), subject.entry)
      assert.equal(subject.text, 'b'.repeat(second))
      assert.equal(stringLength(subject.arena, subject.entry), second)
      assert.equal(subject.encoding, second <= 44 ? Encoding.embstr : Encoding.raw)
      subject.store.validate()
    }
  }
})

test('integers', () => {
  const subject = new Subject()
  const into = new Int64()
  for (const text of [
    '0',
    '-1',
    '4294967296',
    '-4294967297',
    '9007199254740991',
    '-9007199254740992',
    '9223372036854775807',
  ]) {
    subject.set(text)
    assert.equal(isInteger(subject.arena, subject.entry), true)
    readInteger(subject.arena, subject.entry, into)
    assert.equal((BigInt(into.high) << 32n) | BigInt(into.low), BigInt(text))
    const isSafe = Number.isSafeInteger(Number(text)) && Math.abs(Number(text)) < 2 ** 53
    assert.equal(readSafeInteger(subject.arena, subject.entry), isSafe ? Number(text) : NaN)
    assert.equal(subject.text, text)
    assert.equal(stringLength(subject.arena, subject.entry), text.length)
    subject.setBytes(text)
    assert.equal(subject.encoding, Encoding.embstr)
    setInteger(subject.database, subject.entry, KEY, 0, KEY.length, into, NO_EXPIRY)
    assert.equal(subject.encoding, Encoding.int)
    assert.equal(subject.text, text)
  }
  subject.store.validate()
})

test('expiry times are set, kept and taken away', () => {
  const values = ['12', 'short', 'x'.repeat(300)]
  for (const before of values) {
    for (const after of values) {
      for (const [set, given] of [
        ['set', after],
        ['setBytes', after],
      ] as const) {
        const subject = new Subject()
        subject.set(before, EXPIRY_MS)
        assert.equal(expiryOf(subject.arena, subject.entry), EXPIRY_MS)
        subject[set](given, KEEP_EXPIRY)
        assert.equal(expiryOf(subject.arena, subject.entry), EXPIRY_MS)
        subject[set](given, EXPIRY_MS + 1)
        assert.equal(expiryOf(subject.arena, subject.entry), EXPIRY_MS + 1)
        subject[set](given, NO_EXPIRY)
        assert.equal(expiryOf(subject.arena, subject.entry), -1)
        subject[set](given, KEEP_EXPIRY)
        assert.equal(expiryOf(subject.arena, subject.entry), -1)
        assert.equal(subject.database.volatile.count, 0)
        subject.store.validate()
      }
    }
  }
})

test('a value takes over the access clock of the one it replaces', () => {
  const clock = 0x1234
  for (const before of ['12', 'short', 'x'.repeat(300)]) {
    for (const after of ['13', 'shirt', 'longer than short', 'x'.repeat(300)]) {
      const subject = new Subject()
      const entry = subject.set(before)
      const word = clockWordOf(subject.arena, entry)
      subject.arena.i32[entry >>> 22]![((entry & 0x3fffff) << 1) + 1] = (word & ~CLOCK_MASK) | clock
      subject.set(after)
      assert.equal(clockWordOf(subject.arena, subject.entry) & CLOCK_MASK, clock)
      subject.open(400, 400)
      assert.equal(clockWordOf(subject.arena, subject.entry) & CLOCK_MASK, clock)
    }
  }
})

test('an opened string is raw, long enough, and zero where it was shorter', () => {
  for (const before of ['', '-12', 'x'.repeat(30), 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(5000)]) {
    for (const length of LENGTHS) {
      for (const expiryMs of [NO_EXPIRY, EXPIRY_MS]) {
        const subject = new Subject()
        subject.set(before, expiryMs)
        const opened = subject.open(length, length)
        assert.equal(opened, subject.entry)
        assert.equal(subject.encoding, Encoding.raw)
        assert.equal(expiryOf(subject.arena, opened), expiryMs)
        assert.equal(subject.text, before.padEnd(length, '\0'))
        subject.store.validate()
      }
    }
  }
})

test('an opened string that is new', () => {
  for (const length of LENGTHS.slice(1)) {
    const subject = new Subject()
    const opened = subject.open(length, length - 1)
    const meta = metaOf(subject.arena, opened)
    assert.equal(plainLength(subject.arena, opened, meta), length)
    assert.equal(subject.text.slice(0, -1), '\0'.repeat(length - 1))
    assert.equal(valueBytes(subject.arena, opened, meta), subject.arena.u8[valueSegment(subject.arena, opened, meta)])
    valueBytes(subject.arena, opened, meta)[valueStart(subject.arena, opened, meta) + length - 1] = 0x41
    assert.equal(subject.text, '\0'.repeat(length - 1) + 'A')
    subject.store.validate()
  }
})

test('growing in spare room and beyond it leaves no old bytes behind', () => {
  const subject = new Subject()
  subject.set('x'.repeat(300))
  for (const length of [400, 401, 700, 20_000, 50_000, 33 << 20, (33 << 20) + 5]) {
    const opened = subject.open(length, length)
    const meta = metaOf(subject.arena, opened)
    const start = valueStart(subject.arena, opened, meta)
    const bytes = valueBytes(subject.arena, opened, meta).subarray(start, start + length)
    assert.equal(plainLength(subject.arena, opened, meta), length)
    assert.equal(bytes.lastIndexOf(0x78), 299)
    assert.equal(
      bytes.findIndex((byte, at) => byte !== (at < 300 ? 0x78 : 0)),
      -1,
    )
  }
  subject.set('y')
  subject.store.validate()
})

test('makeRaw tells nobody', () => {
  for (const text of ['12', 'short', 'x'.repeat(300)]) {
    const subject = new Subject()
    subject.set(text, EXPIRY_MS)
    const writes = subject.database.keyspace.writes
    assert.equal(makeRaw(subject.database, subject.entry), subject.entry)
    assert.equal(subject.database.keyspace.writes, writes)
    assert.equal(subject.encoding, Encoding.raw)
    assert.equal(subject.text, text)
    assert.equal(expiryOf(subject.arena, subject.entry), EXPIRY_MS)
    subject.store.validate()
  }
})

test('setBlock takes a block as the value', () => {
  for (const before of [undefined, '12', 'short', 'x'.repeat(300)]) {
    const subject = new Subject()
    if (before !== undefined) subject.set(before, EXPIRY_MS)
    const block = subject.arena.allocate(1000)
    const start = (block & 0x3fffff) << 3
    subject.arena.u8[block >>> 22]!.fill(0x7a, start, start + 1000)
    assert.equal(setBlock(subject.database, subject.entry, KEY, 0, KEY.length, block, 1000), subject.entry)
    assert.equal(subject.text, 'z'.repeat(1000))
    assert.equal(subject.encoding, Encoding.raw)
    assert.equal(expiryOf(subject.arena, subject.entry), -1)
    subject.store.validate()
  }
})

test('keys that live outside of their entry', () => {
  const store = new TestStore()
  const key = 'k'.repeat(70_000)
  for (const request of [['SET', key, 'v'], ['APPEND', key, 'w'.repeat(300)], ['SET', key, '12', 'EX', '10'], ['INCR', key],
    ['SETRANGE', key, '3', 'x']]) store.send(...request) // prettier-ignore
  assert.equal(store.send('GET', key), '13\0x')
  store.validate()
})
