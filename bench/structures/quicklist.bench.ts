/**
 * Nanoseconds of pushing, reading and popping at both ends of a quicklist, and of finding in a listpack.
 * Run: node dist/bench/structures/quicklist.bench.js
 */

import { latin1Bytes } from '../../src/base/bytes.js'
import { Arena } from '../../src/memory/arena.js'
import { byteOffsetOf, segmentOf } from '../../src/memory/pointer.js'
import { find, first, ListpackElement } from '../../src/structures/listpack.js'
import { append, create as createListpack } from '../../src/structures/listpack-edit.js'
import { create, pop, push, QuicklistCursor } from '../../src/structures/quicklist.js'

const ELEMENTS = 1_000_000
const LARGE = 1 << 30
const value = latin1Bytes('element:12345678')

const arena = new Arena()
const list = create(arena, -2, 0)
const cursor = new QuicklistCursor()
const element = new ListpackElement()

for (const atHead of [false, true]) {
  const end = atHead ? 'head' : 'tail'
  measure(`push at the ${end}`, ELEMENTS, () => push(arena, list, atHead, value, 0, value.length, LARGE))
}
cursor.toFirst(arena, list)
measure('walk', ELEMENTS, () => {
  cursor.read(arena, element)
  cursor.next(arena)
})
for (const atHead of [true, false]) {
  measure(`pop at the ${atHead ? 'head' : 'tail'}`, ELEMENTS, () => pop(arena, list, atHead))
}

let listpack = createListpack(arena)
for (let i = 0; i < 128; i++) listpack = append(arena, listpack, latin1Bytes(`field:${i}`), 0, `field:${i}`.length)
const last = latin1Bytes('field:127')
measure('find the last of 128', ELEMENTS / 10, () =>
  find(arena.u8[segmentOf(listpack)]!, first(byteOffsetOf(listpack)), last, 0, last.length, 0),
)

function measure(name: string, times: number, run: () => void): void {
  const before = process.hrtime.bigint()
  for (let i = 0; i < times; i++) run()
  console.log(name.padEnd(24), (Number(process.hrtime.bigint() - before) / times).toFixed(1).padStart(8))
}
