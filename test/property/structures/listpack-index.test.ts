/** Look-ups through an index against those that walk over the listpack. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, segmentOf } from '../../../src/memory/pointer.js'
import * as listpacks from '../../../src/structures/listpack.js'
import * as edit from '../../../src/structures/listpack-edit.js'
import { ListpackIndex } from '../../../src/structures/listpack-index.js'

const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 3 }),
  fc.integer({ min: -300, max: 300 }).map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom('007', '-0', '9223372036854775808', '9007199254740992', '9007199254740993', '', '-'),
  fc.tuple(fc.nat(40), fc.nat(3), fc.nat(40)).map(([a, b, c]) => 'a'.repeat(a) + String(b) + 'c'.repeat(c)),
)

test('an index finds what a walk finds', () => {
  const index = new ListpackIndex()
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 150 }), fc.array(text, { maxLength: 50 }), (held, others) => {
      const arena = new Arena({ poison: true })
      let listpack = edit.create(arena)
      for (const value of held) listpack = edit.append(arena, listpack, latin1Bytes(value), 0, value.length)
      const bytes = arena.u8[segmentOf(listpack)]!
      const start = byteOffsetOf(listpack)
      assert.ok(index.build(bytes, start))
      for (const value of [...held, ...others]) {
        const sought = latin1Bytes(value)
        const place = listpacks.find(bytes, listpacks.first(start), sought, 0, sought.length, 0)
        assert.equal(index.find(sought, 0, sought.length), place)
        const number = Number(value)
        if (Number.isSafeInteger(number) && String(number) === value) assert.equal(index.findInteger(number), place)
      }
      arena.free(listpack)
    }),
    { numRuns: 200 },
  )
})

test('an integer kept as a string is not indexed', () => {
  const bytes = new Uint8Array([13, 0, 0, 0, 2, 0, 0x81, 0x35, 2, 0x81, 0x61, 2, 0xff])
  assert.ok(listpacks.isValid(bytes, 0, bytes.length, true))
  assert.equal(new ListpackIndex().build(bytes, 0), false)
})
