import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import {
  countDense,
  countRegisters,
  DENSE_BYTES,
  Histogram,
  mergeDense,
  packDense,
  registerAt,
  REGISTERS,
  setRegister,
} from '../../../src/structures/hyperloglog-dense.js'
import { estimate } from '../../../src/structures/hyperloglog-estimate.js'
import {
  countSparse,
  describeSparse,
  mergeSparse,
  NO_ROOM,
  raiseSparse,
  searchSparse,
  Sparse,
  TOO_LONG,
  writeEmptySparse,
} from '../../../src/structures/hyperloglog-sparse.js'
import {
  countOf,
  DENSE_VALUE_BYTES,
  HEADER_BYTES,
  isHyperLogLog,
  positionOf,
  RANK_SHIFT,
  REGISTER_MASK,
  writeEmpty,
} from '../../../src/structures/hyperloglog.js'

const ROOM = 40_000
const raise = fc.tuple(
  fc.oneof(fc.nat(REGISTERS - 1), fc.nat(200), fc.integer({ min: 16_300, max: REGISTERS - 1 })),
  fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 32 })),
)

/** A sparse form in a buffer of its own. */
class Runs {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly start: number
  end: number

  constructor(start: number) {
    this.bytes = new Uint8Array(ROOM)
    this.words = new Int32Array(this.bytes.buffer)
    this.start = start
    this.end = writeEmptySparse(this.bytes, start)
  }

  raise(index: number, value: number): boolean {
    const seen = searchSparse(this.bytes, this.words, this.start, this.end, index, value)
    assert.notEqual(seen, Sparse.corrupt)
    if (seen === Sparse.unchanged) return false
    this.end = raiseSparse(this.bytes, this.start, this.end, ROOM, ROOM, index, value)
    return true
  }

  get registers(): Uint8Array {
    const registers = new Uint8Array(REGISTERS)
    assert.equal(mergeSparse(this.bytes, this.start, this.end, registers), true)
    return registers
  }

  get text(): string {
    return describeSparse(this.bytes, this.start, this.end)
  }
}

test('both forms keep the highest value of each register', () => {
  fc.assert(
    fc.property(fc.array(raise, { maxLength: 400 }), fc.nat(7), (raises, start) => {
      const model = new Uint8Array(REGISTERS)
      const runs = new Runs(start)
      const dense = new Uint8Array(DENSE_BYTES)
      for (const [index, value] of raises) {
        const isHigher = value > model[index]!
        if (isHigher) model[index] = value
        assert.equal(runs.raise(index, value), isHigher)
        if (value > registerAt(dense, 0, index)) setRegister(dense, 0, index, value)
      }
      assert.deepEqual(runs.registers, model)
      const merged = new Uint8Array(REGISTERS)
      mergeDense(dense, 0, merged)
      assert.deepEqual(merged, model)
      const packed = new Uint8Array(DENSE_BYTES)
      packDense(model, packed, 0)
      assert.deepEqual(packed, dense)

      const counts = [new Histogram(), new Histogram(), new Histogram()] as const
      assert.equal(countSparse(runs.bytes, runs.start, runs.end, counts[0]), true)
      countDense(dense, 0, counts[1])
      countRegisters(model, counts[2])
      assert.deepEqual(counts[0].counts, counts[1].counts)
      assert.deepEqual(counts[0].counts, counts[2].counts)
    }),
    { numRuns: 40 },
  )
})

test('runs are split where a register is raised, and joined with equal neighbours', () => {
  const runs = new Runs(0)
  assert.equal(runs.text, 'Z:16384')
  runs.raise(100, 5)
  assert.equal(runs.text, 'Z:100 v:5,1 Z:16283')
  runs.raise(102, 5)
  assert.equal(runs.text, 'Z:100 v:5,1 z:1 v:5,1 Z:16281')
  runs.raise(101, 5)
  assert.equal(runs.text, 'Z:100 v:5,3 Z:16281')
  runs.raise(101, 9)
  assert.equal(runs.text, 'Z:100 v:5,1 v:9,1 v:5,1 Z:16281')
  runs.raise(0, 32)
  runs.raise(REGISTERS - 1, 1)
  assert.equal(runs.text, 'v:32,1 Z:99 v:5,1 v:9,1 v:5,1 Z:16280 v:1,1')
  for (let i = 50; i < 55; i++) runs.raise(i, 7)
  assert.equal(runs.text, 'v:32,1 z:49 v:7,4 v:7,1 z:45 v:5,1 v:9,1 v:5,1 Z:16280 v:1,1')
})

test('an update without room, or beyond the limit, changes nothing', () => {
  const runs = new Runs(0)
  for (const [room, limit, outcome] of [[4, 100, NO_ROOM], [100, 4, TOO_LONG], [4, 4, TOO_LONG]] as const) {
    assert.equal(searchSparse(runs.bytes, runs.words, 0, runs.end, 100, 3), Sparse.lower)
    assert.equal(raiseSparse(runs.bytes, 0, runs.end, room, limit, 100, 3), outcome)
    assert.equal(runs.text, 'Z:16384')
  } // prettier-ignore
})

test('any bytes can be read, and only what adds up is taken', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(REGISTERS - 1), (content, index) => {
      const bytes = new Uint8Array(128)
      bytes.set(content)
      const histogram = new Histogram()
      const isWhole = countSparse(bytes, 0, content.length, histogram)
      const registers = new Uint8Array(REGISTERS)
      if (isWhole) assert.equal(mergeSparse(bytes, 0, content.length, registers), true)
      const seen = searchSparse(bytes, new Int32Array(bytes.buffer), 0, content.length, index, 32)
      if (isWhole) assert.notEqual(seen, Sparse.corrupt)
      if (seen === Sparse.lower) raiseSparse(bytes, 0, content.length, 128, 128, index, 32)
      assert.ok(describeSparse(bytes, 0, content.length).length >= 0)
    }),
  )
})

test('elements go to the register and rank of a real server', () => {
  const position = (text: string): [number, number] => {
    const packed = positionOf(latin1Bytes(text), 0, text.length)
    return [packed & REGISTER_MASK, packed >>> RANK_SHIFT]
  }
  assert.deepEqual(position('a'), [12_711, 2])
  assert.deepEqual(position('hello world'), [9399, 4])
})

test('estimates of registers that no element could have made', () => {
  const counts = new Int32Array(64)
  counts[0] = REGISTERS
  assert.equal(estimate(counts), 0)
  counts[0] = 0
  counts[63] = REGISTERS
  assert.equal(estimate(counts), Infinity)
})

test('estimates are near to what was added', () => {
  const dense = new Uint8Array(DENSE_VALUE_BYTES)
  dense.set(latin1Bytes('HYLL'))
  const histogram = new Histogram()
  for (let i = 1; i <= 100_000; i++) {
    const element = latin1Bytes(`element:${i}`)
    const position = positionOf(element, 0, element.length)
    const [index, rank] = [position & REGISTER_MASK, position >>> RANK_SHIFT]
    if (rank > registerAt(dense, HEADER_BYTES, index)) setRegister(dense, HEADER_BYTES, index, rank)
    if (i !== 10 && i !== 1000 && i !== 100_000) continue
    const count = countOf(dense, 0, dense.length, histogram)
    assert.ok(Math.abs(count - i) <= Math.max(1, i * 0.03), `${count} of ${i}`)
  }
})

test('what can be a HyperLogLog', () => {
  const value = new Uint8Array(DENSE_VALUE_BYTES + 1)
  writeEmpty(value, 0)
  assert.equal(isHyperLogLog(value, 0, 18), true)
  assert.equal(isHyperLogLog(value, 0, 15), false)
  value[4] = 0
  assert.equal(isHyperLogLog(value, 0, DENSE_VALUE_BYTES), true)
  assert.equal(isHyperLogLog(value, 0, DENSE_VALUE_BYTES + 1), false)
  value[4] = 2
  assert.equal(isHyperLogLog(value, 0, 18), false)
  value[4] = 1
  value[0] = 0x68
  assert.equal(isHyperLogLog(value, 0, 18), false)
})
