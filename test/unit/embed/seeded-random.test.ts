/** Chance: repeatable from a seed, spread evenly, and replayed for a copy of a store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OpeningRandom, SeededRandom } from '../../../src/embed/seeded-random.js'

const bytesOf = (random: { fill(bytes: Uint8Array): void }, bytes: Uint8Array): Uint8Array => {
  random.fill(bytes)
  return bytes
}

const draw = (random: { next32(): number }, count: number): number[] =>
  Array.from({ length: count }, () => random.next32())

test('the same seed gives the same numbers, another seed others', () => {
  assert.deepEqual(draw(new SeededRandom(5), 20), draw(new SeededRandom(5), 20))
  assert.notDeepEqual(draw(new SeededRandom(5), 20), draw(new SeededRandom(6), 20))
  for (const seed of [0, -1, 2 ** 40, 1.5]) assert.equal(new Set(draw(new SeededRandom(seed), 100)).size, 100)
})

test('numbers are integers below 2^32, every bit set half of the time', () => {
  const numbers = draw(new SeededRandom(1), 4000)
  for (let bit = 0; bit < 32; bit++) {
    const set = numbers.filter((value) => Math.floor(value / 2 ** bit) % 2 === 1).length
    assert.ok(set > 1800 && set < 2200, `bit ${bit} was set ${set} times of 4000`)
  }
  for (const value of numbers) assert.ok(Number.isInteger(value) && value >= 0 && value < 2 ** 32)
})

test('a fork goes on from where it was made, by itself', () => {
  const random = new SeededRandom(9)
  draw(random, 10)
  const fork = random.fork()
  assert.deepEqual(draw(fork, 10), draw(random, 10))
})

test('an opening is replayed draw by draw, and what follows is not', () => {
  const first = new OpeningRandom(new SeededRandom(1))
  const number = first.next32()
  const bytes = bytesOf(first, new Uint8Array(20))
  const record = first.endOpening()

  const second = new OpeningRandom(new SeededRandom(2), record)
  assert.equal(second.next32(), number)
  assert.deepEqual(bytesOf(second, new Uint8Array(20)), bytes)
  second.endOpening()
  assert.equal(second.next32(), new SeededRandom(2).next32())
})
