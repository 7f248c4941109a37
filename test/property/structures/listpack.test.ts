/** Random edits of a listpack in the arena against an array of texts. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, type Pointer, segmentOf } from '../../../src/memory/pointer.js'
import * as listpacks from '../../../src/structures/listpack.js'
import * as edit from '../../../src/structures/listpack-edit.js'

const integer = fc.oneof(
  fc.integer({ min: -5000, max: 5000 }).map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc
    .tuple(fc.constantFrom(7n, 12n, 15n, 23n, 31n, 53n, 63n), fc.bigInt({ min: -2n, max: 1n }), fc.boolean())
    .map(([power, near, negates]) => String(BigInt.asIntN(64, (negates ? -1n : 1n) * 2n ** power + near))),
)
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 12 }) },
  { weight: 4, arbitrary: integer },
  { weight: 1, arbitrary: fc.constantFrom('007', '-0', '+1', '9223372036854775808', '', '1 ', '-') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(63, 64, 125, 126, 127, 128, 4094, 4095, 4096, 16380).map((n) => 'x'.repeat(n)),
  },
)
const step = fc.record({
  do: fc.constantFrom('insert', 'insert', 'insert', 'append', 'prepend', 'replace', 'remove', 'removeRange', 'merge'),
  value: text,
  at: fc.nat(),
  count: fc.nat(4),
})

/** A listpack and the texts that it should hold. */
class Pair {
  readonly arena = new Arena({ poison: true })
  readonly texts: string[] = []
  listpack: Pointer = edit.create(this.arena)

  get bytes(): Uint8Array {
    return this.arena.u8[segmentOf(this.listpack)]!
  }

  get start(): number {
    return byteOffsetOf(this.listpack)
  }

  /** The place of an element, or of the end. */
  place(index: number): number {
    return index === this.texts.length
      ? listpacks.endOf(this.bytes, this.start)
      : listpacks.seek(this.bytes, this.start, index)
  }

  check(): void {
    const { bytes, start, texts } = this
    listpacks.validate(bytes, start, this.arena.usableBytes(this.listpack))
    assert.equal(listpacks.count(bytes, start), texts.length)
    const element = new listpacks.ListpackElement()
    let index = 0
    for (let at = listpacks.first(start); bytes[at] !== listpacks.END; at = listpacks.next(bytes, at)) {
      listpacks.readText(bytes, at, element)
      assert.equal(latin1(element.bytes, element.start, element.end), texts[index])
      const wanted = latin1Bytes(texts[index]!)
      assert.ok(listpacks.equalsAt(bytes, at, wanted, 0, wanted.length))
      assert.equal(listpacks.isInteger(bytes, at), isInt64(texts[index]!))
      assert.equal(listpacks.seek(bytes, start, index), at)
      assert.equal(listpacks.seek(bytes, start, index - texts.length), at)
      index++
    }
    assert.equal(index, texts.length)
    for (let at = listpacks.last(bytes, start); at >= 0; at = listpacks.previous(bytes, start, at)) index--
    assert.equal(index, 0)
    assert.equal(listpacks.seek(bytes, start, texts.length), -1)
    assert.equal(listpacks.seek(bytes, start, -texts.length - 1), -1)
  }

  checkFind(wanted: string, skip: number): void {
    const value = latin1Bytes(wanted)
    const found = listpacks.find(this.bytes, listpacks.first(this.start), value, 0, value.length, skip)
    let index = 0
    while (index < this.texts.length && this.texts[index] !== wanted) index += skip + 1
    assert.equal(found, index < this.texts.length ? this.place(index) : -1)
  }
}

function isInt64(text: string): boolean {
  return /^(0|-?[1-9][0-9]*)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

function apply(
  pair: Pair,
  { do: what, value, at, count }: { do: string; value: string; at: number; count: number },
): void {
  const { arena, texts } = pair
  const bytes = latin1Bytes(value)
  const index = texts.length === 0 ? 0 : at % texts.length
  const end = bytes.length
  if (what === 'append') {
    pair.listpack = edit.append(arena, pair.listpack, bytes, 0, end)
    texts.push(value)
  } else if (what === 'prepend') {
    pair.listpack = edit.prepend(arena, pair.listpack, bytes, 0, end)
    texts.unshift(value)
  } else if (what === 'insert') {
    const place = at % (texts.length + 1)
    pair.listpack = edit.insert(arena, pair.listpack, pair.place(place), bytes, 0, end)
    texts.splice(place, 0, value)
  } else if (what === 'merge') {
    let other = edit.create(arena)
    for (let i = 0; i < count; i++) other = edit.append(arena, other, bytes, 0, end)
    const added = new Array<string>(count).fill(value)
    const isBehind = at % 2 === 0
    pair.listpack = isBehind ? edit.merge(arena, pair.listpack, other) : edit.merge(arena, other, pair.listpack)
    if (isBehind) texts.push(...added)
    else texts.unshift(...added)
  } else if (texts.length !== 0 && what === 'replace') {
    pair.listpack = edit.replace(arena, pair.listpack, pair.place(index), bytes, 0, end)
    texts[index] = value
  } else if (texts.length !== 0 && what === 'remove') {
    pair.listpack = edit.remove(arena, pair.listpack, pair.place(index))
    texts.splice(index, 1)
  } else if (texts.length !== 0) {
    pair.listpack = edit.removeRange(arena, pair.listpack, at % 2 === 0 ? index : index - texts.length, count)
    texts.splice(index, count)
  }
}

test('edits of a listpack, against an array', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), text, fc.nat(2), (steps, wanted, skip) => {
      const pair = new Pair()
      for (const one of steps) {
        apply(pair, one)
        pair.check()
      }
      pair.checkFind(wanted, skip)
      for (const present of pair.texts.slice(0, 5)) pair.checkFind(present, skip)
      const copied = edit.duplicate(pair.arena, pair.listpack)
      assert.equal(
        listpacks.totalBytes(pair.arena.u8[segmentOf(copied)]!, byteOffsetOf(copied)),
        listpacks.totalBytes(pair.bytes, pair.start),
      )
      pair.arena.free(copied)
      pair.arena.free(pair.listpack)
      assert.equal(pair.arena.usedBytes, 0)
    }),
    { numRuns: 150 },
  )
})

test('bytes from outside are refused unless they are a listpack, and reading them never goes astray', () => {
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
      (texts, changes) => {
        const pair = new Pair()
        for (const value of texts) apply(pair, { do: 'append', value, at: 0, count: 0 })
        const total = listpacks.totalBytes(pair.bytes, pair.start)
        const bytes = pair.bytes.slice(pair.start, pair.start + total)
        assert.ok(listpacks.isValid(bytes, 0, total, true))
        for (const [at, byte] of changes) bytes[at % total] = byte
        if (!listpacks.isValid(bytes, 0, total, true)) return
        // What passes can be walked both ways within its bounds.
        const element = new listpacks.ListpackElement()
        let elements = 0
        for (let at = listpacks.first(0); bytes[at] !== listpacks.END; at = listpacks.next(bytes, at)) {
          assert.ok(at < total)
          listpacks.readText(bytes, at, element)
          assert.ok(element.bytes !== bytes || element.end < total)
          elements++
        }
        for (let at = listpacks.last(bytes, 0); at >= 0; at = listpacks.previous(bytes, 0, at)) elements--
        assert.equal(elements, 0)
      },
    ),
    { numRuns: 300 },
  )
})

test('the bytes of a listpack with every encoding', () => {
  const pair = new Pair()
  for (const value of ['0', '127', '128', '-1', '-4096', '4096', '32768', '8388608', '2147483648', 'ab']) {
    apply(pair, { do: 'append', value, at: 0, count: 0 })
  }
  const total = listpacks.totalBytes(pair.bytes, pair.start)
  assert.equal(
    Buffer.from(pair.bytes.subarray(pair.start, pair.start + total)).toString('hex'),
    [
      '310000000a00', // total, elements
      '0001', '7f01', 'c08002', 'dfff02', 'd00002', 'f1001003', 'f200800004', 'f30000800005', 'f4000000800000000009',
      '82616203', 'ff',
    ].join(''), // prettier-ignore
  )
})

test('more elements than the header can count', () => {
  const pair = new Pair()
  const value = latin1Bytes('1')
  for (let i = 0; i < 65540; i++) pair.listpack = edit.append(pair.arena, pair.listpack, value, 0, 1)
  assert.equal(listpacks.headerCount(pair.bytes, pair.start), listpacks.UNCOUNTED)
  assert.equal(listpacks.count(pair.bytes, pair.start), 65540)
  pair.listpack = edit.removeRange(pair.arena, pair.listpack, -10, 10)
  assert.equal(listpacks.count(pair.bytes, pair.start), 65530)
  assert.equal(listpacks.headerCount(pair.bytes, pair.start), 65530)
})
