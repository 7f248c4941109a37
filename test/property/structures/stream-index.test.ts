/** Random changes of an index against a sorted list of numbers. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, type Pointer, segmentOf } from '../../../src/memory/pointer.js'
import { setId, StreamId } from '../../../src/structures/stream-id.js'
import {
  Added,
  indexAdd,
  indexCount,
  IndexCursor,
  indexFind,
  indexFree,
  indexFreeSome,
  indexRemove,
  indexReplace,
  indexValidate,
} from '../../../src/structures/stream-index.js'
import { countRadixNodes, radixNodesOf } from '../../../src/structures/stream-radix.js'

function newHandle(arena: Arena): Pointer {
  const handle = arena.allocate(16)
  const at = byteOffsetOf(handle)
  arena.u8[segmentOf(handle)]!.fill(0, at, at + 16)
  return handle
}

function idOf(number: bigint): StreamId {
  const id = new StreamId()
  const part = (shift: bigint): number => Number((number >> shift) & 0xffffffffn) | 0
  setId(id, part(96n), part(64n), part(32n), part(0n))
  return id
}

/** Numbers that part in any byte, and often meet. */
const number = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.nat({ max: 300 }), fc.nat({ max: 2 }))
  .map(([byte, digit, low]) => ((BigInt(digit) << BigInt(byte * 8)) % (1n << 128n)) | BigInt(low))

type Step = readonly [kind: 'add' | 'append' | 'remove' | 'first' | 'find' | 'near', number: bigint]

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<Step[0]>('add', 'add', 'add', 'append', 'append', 'remove', 'first', 'find', 'near'),
    number,
  ),
  { maxLength: 600, minLength: 1, size: 'max' },
)

/** What an index should hold: numbers in order, each with a pointer. */
class Model {
  readonly ids: bigint[]
  readonly values: Map<bigint, number>
  nodes: number

  constructor() {
    this.ids = []
    this.values = new Map()
    this.nodes = 1
  }

  add(id: bigint, value: number): boolean {
    if (this.values.has(id)) return false
    const at = this.ids.findIndex((other) => other > id)
    this.ids.splice(at < 0 ? this.ids.length : at, 0, id)
    this.values.set(id, value)
    return true
  }

  remove(id: bigint): number {
    const value = this.values.get(id) ?? 0
    if (value !== 0) this.ids.splice(this.ids.indexOf(id), 1)
    this.values.delete(id)
    return value
  }
}

function apply(arena: Arena, handle: Pointer, model: Model, [kind, given]: Step, value: number): void {
  const last = model.ids[model.ids.length - 1]
  const target = kind === 'append' && last !== undefined ? last + (given % 7n) + 1n : given
  const number = kind === 'first' && model.ids.length > 0 ? model.ids[0]! : target % (1n << 128n)
  const id = idOf(number)
  if (kind === 'add' || kind === 'append') {
    const isNew = model.add(number, value)
    assert.equal(indexAdd(arena, handle, id, value), isNew ? Added.yes : Added.exists)
    if (isNew) model.nodes += radixNodesOf(arena, handle, id)
  } else if (kind === 'find') assert.equal(indexFind(arena, handle, id), model.values.get(number) ?? 0)
  else if (kind === 'near') compareNeighbours(arena, handle, model, number)
  else {
    if (model.values.has(number)) model.nodes -= radixNodesOf(arena, handle, id)
    assert.equal(indexRemove(arena, handle, id), model.remove(number))
  }
}

function compareNeighbours(arena: Arena, handle: Pointer, model: Model, number: bigint): void {
  const cursor = new IndexCursor()
  const id = idOf(number)
  const floor = model.ids.filter((other) => other <= number).pop()
  assert.equal(cursor.toFloor(arena, handle, id), floor !== undefined)
  if (floor !== undefined) assert.equal(cursor.compare(arena, idOf(floor)), 0)
  const ceiling = model.ids.find((other) => other >= number)
  assert.equal(cursor.toCeiling(arena, handle, id), ceiling !== undefined)
  if (ceiling !== undefined) assert.equal(cursor.compare(arena, idOf(ceiling)), 0)
}

function compareAll(arena: Arena, handle: Pointer, model: Model): void {
  const cursor = new IndexCursor()
  const seen: number[] = []
  for (let isThere = cursor.toFirst(arena, handle); isThere; isThere = cursor.next(arena))
    seen.push(cursor.value(arena))
  assert.deepEqual(
    seen,
    model.ids.map((id) => model.values.get(id)),
  )
  const back: number[] = []
  for (let isThere = cursor.toLast(arena, handle); isThere; isThere = cursor.previous(arena)) {
    back.push(cursor.value(arena))
  }
  assert.deepEqual(back, seen.reverse())
}

test('an index agrees with a sorted list through any adding and removing', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const arena = new Arena({ poison: true })
      const handle = newHandle(arena)
      const model = new Model()
      for (const [at, step] of list.entries()) {
        apply(arena, handle, model, step, at + 1)
        if (at % 20 === 0) indexValidate(arena, handle)
      }
      indexValidate(arena, handle)
      compareAll(arena, handle, model)
      assert.equal(countRadixNodes(arena, handle), model.nodes)
      for (const id of [...model.ids]) {
        model.nodes -= radixNodesOf(arena, handle, idOf(id))
        assert.equal(indexRemove(arena, handle, idOf(id)), model.values.get(id))
      }
      assert.equal(model.nodes, 1)
      arena.free(handle)
      assert.equal(arena.usedBytes, 0)
    }),
    { numRuns: 40 },
  )
})

test('a large index keeps its shape when entries go from anywhere', () => {
  const arena = new Arena()
  const handle = newHandle(arena)
  const count = 20_000
  for (let i = 0; i < count; i++)
    assert.equal(indexAdd(arena, handle, idOf(BigInt(i * 7919) % 1_000_003n), i + 1), Added.yes)
  indexValidate(arena, handle)
  assert.equal(indexCount(arena, handle), count)
  for (let i = 0; i < count; i++) {
    if (i % 16 !== 0) assert.equal(indexRemove(arena, handle, idOf(BigInt(i * 7919) % 1_000_003n)), i + 1)
    if (i % 1000 === 0) indexValidate(arena, handle)
  }
  indexValidate(arena, handle)
  assert.ok(arena.usedBytes < 90_000, String(arena.usedBytes))
  indexFree(arena, handle, false)
  assert.equal(arena.usedBytes, 16)
})

test('an index filled in order is full to the brim and freed in slices', () => {
  const arena = new Arena()
  const handle = newHandle(arena)
  for (let i = 0; i < 10_000; i++) indexAdd(arena, handle, idOf(BigInt(i)), arena.allocate(8))
  indexValidate(arena, handle)
  assert.ok(arena.usedBytes - 80_000 < 215_000, String(arena.usedBytes))
  indexReplace(arena, handle, idOf(77n), indexFind(arena, handle, idOf(77n)))
  let slices = 0
  while (indexCount(arena, handle) > 0) {
    const before = indexCount(arena, handle)
    const freed = indexFreeSome(arena, handle, 100, true)
    assert.equal(before - freed, indexCount(arena, handle))
    assert.ok(freed >= Math.min(100, before) && freed <= 150)
    indexValidate(arena, handle)
    slices++
  }
  assert.equal(slices, 100)
  assert.equal(arena.usedBytes, 16)
})

test('an index without memory is as it was', () => {
  const arena = new Arena({ segmentsMax: 1 })
  const handle = newHandle(arena)
  const ballast: Pointer[] = []
  for (let block = arena.allocate(1 << 19); block !== 0; block = arena.allocate(1 << 19)) ballast.push(block)
  arena.free(ballast.pop()!)
  let number = 0n
  while (indexAdd(arena, handle, idOf((number * 0x9e3779b97f4a7c15n) % (1n << 60n)), 1) === Added.yes) number++
  assert.equal(BigInt(indexCount(arena, handle)), number)
  assert.ok(number > 1000n)
  indexValidate(arena, handle)
})
