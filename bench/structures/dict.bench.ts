/**
 * Nanoseconds and bytes an element of dicts and intsets. Run: node dist/bench/structures/dict.bench.js
 *
 * Elements have 16 bytes; look-ups come in an order unlike that of insertion, half of them for what is absent.
 */

import { latin1Bytes } from '../../src/base/bytes.js'
import { SeededRandom } from '../../src/embed/seeded-random.js'
import { Arena } from '../../src/memory/arena.js'
import { freeElement, newElement } from '../../src/structures/dict-element.js'
import { Dict } from '../../src/structures/dict.js'
import { addToIntset, newIntset, searchIntset } from '../../src/structures/intset.js'

const FIELD_BYTES = 16
const STRIDE = 7919
const NOTHING = new Uint8Array(0)

for (const count of [200, 10_000, 1_000_000]) benchDict(count)
for (const count of [512, 10_000]) benchIntset(count)

function benchDict(count: number): void {
  const arena = new Arena()
  const dict = new Dict(arena, 1, 2)
  const random = new SeededRandom(1)
  const texts = new Uint8Array(2 * count * FIELD_BYTES)
  for (let i = 0; i < 2 * count; i++) texts.set(latin1Bytes(`element:${`${i}`.padStart(8, '0')}`), i * FIELD_BYTES)
  dict.create()
  console.log(`\ndict of ${count}`)
  measure('insert', count, (i) => {
    const start = i * FIELD_BYTES
    dict.find(texts, start, start + FIELD_BYTES)
    dict.insert(dict.hash, newElement(arena, texts, start, start + FIELD_BYTES, NOTHING, 0, 0, 0))
  })
  console.log(`${'bytes'.padEnd(12)} ${(arena.usedBytes / count).toFixed(1).padStart(8)}`)
  measure('find', count, (i) => {
    const start = ((i * STRIDE) % (2 * count)) * FIELD_BYTES
    dict.find(texts, start, start + FIELD_BYTES)
  })
  measure('random', count, () => dict.random(random))
  measure('pop', count, () => {
    const element = dict.random(random)
    dict.removeDrawn()
    freeElement(arena, element)
  })
}

function benchIntset(count: number): void {
  const arena = new Arena()
  let intset = newIntset(arena)
  console.log(`\nintset of ${count}`)
  measure('add', count, (i) => {
    intset = addToIntset(arena, intset, 0, (i * STRIDE) % (4 * count))
  })
  measure('search', count, (i) => searchIntset(arena, intset, 0, (i * STRIDE) % (4 * count)))
}

function measure(name: string, count: number, step: (i: number) => void): void {
  const before = process.hrtime.bigint()
  for (let i = 0; i < count; i++) step(i)
  console.log(name.padEnd(12), (Number(process.hrtime.bigint() - before) / count).toFixed(1).padStart(8))
}
