/**
 * Random use of dicts against maps: growing and shrinking by bursts, values that change their length, copies, and scans that
 * go on while all that happens.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Arena } from '../../../src/memory/arena.js'
import type { Pointer } from '../../../src/memory/pointer.js'
import {
  elementFieldBytes,
  elementFieldLength,
  elementFieldStart,
  elementPrefixWords,
  elementValueBytes,
  elementValueLength,
  elementValueStart,
  freeElement,
  newElement,
  setElementValue,
} from '../../../src/structures/dict-element.js'
import { Dict } from '../../../src/structures/dict.js'
import { SeededRandom } from '../../support/test-store.js'

type Step =
  | { readonly do: 'insert' | 'remove' | 'change' | 'look'; readonly times: number }
  | { readonly do: 'scan'; readonly buckets: number }
  | { readonly do: 'random' }
  | { readonly do: 'validate' }
  | { readonly do: 'duplicate' }

const times = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 20, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 5000 }) },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('insert' as const, 'remove' as const), times }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('change' as const, 'look' as const), times }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('scan' as const), buckets: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('random' as const, 'validate' as const, 'duplicate' as const) }),
  },
)

const NOTHING = new Uint8Array(0)

class Run {
  private readonly arena = new Arena({ poison: true })
  private readonly random: SeededRandom
  private readonly dict: Dict
  private root: Pointer
  private values = new Map<string, string>()
  private due: Set<string> | undefined
  private cursor = 0
  private made = 0

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
    this.dict = new Dict(this.arena, seed, ~seed)
    assert.ok(this.dict.create())
    this.root = this.dict.root
  }

  perform(steps: readonly Step[]): void {
    for (const next of steps) this.step(next)
    this.finishWalk()
    this.validate()
    while (!this.dict.freeSome(1 + (this.random.next32() % 400), true)) this.dict.open(this.root)
    assert.equal(this.arena.usedBytes, 0)
    this.arena.validate()
  }

  private step(next: Step): void {
    this.dict.open(this.root)
    if (next.do === 'scan') return this.scan(next.buckets)
    if (next.do === 'random') return this.drawRandomly()
    if (next.do === 'validate') return this.validate()
    if (next.do === 'duplicate') return this.duplicate()
    for (let i = 0; i < next.times; i++) {
      if (next.do === 'insert') this.insert()
      else if (next.do === 'remove') this.remove()
      else if (next.do === 'change') this.change()
      else this.look()
    }
  }

  /** Mostly short; now and then too long for an element. */
  private text(stem: string): string {
    const kind = this.random.next32() % 200
    if (kind === 0) return stem.padEnd(4090 + (this.random.next32() % 10), 'x')
    if (kind < 3) return stem.padEnd(1020 + (this.random.next32() % 10), 'y')
    return stem.padEnd(this.random.next32() % 40, 'z')
  }

  private insert(): void {
    const field = this.text(`f${this.made++}`)
    const value = this.text('')
    const bytes = latin1Bytes(field)
    const content = latin1Bytes(value)
    assert.equal(this.dict.find(bytes, 0, bytes.length), 0)
    const prefixWords = this.random.next32() % 3
    const element = newElement(this.arena, bytes, 0, bytes.length, content, 0, content.length, prefixWords)
    assert.equal(elementPrefixWords(this.arena, element), prefixWords)
    assert.ok(this.dict.insert(this.dict.hash, element))
    this.values.set(field, value)
  }

  private pick(): string | undefined {
    if (this.values.size === 0) return undefined
    return this.fieldOf(this.dict.random(this.random))
  }

  private remove(): void {
    const field = this.pick()
    if (field === undefined) return
    const element = this.find(field)
    this.dict.remove(this.dict.hash, element)
    freeElement(this.arena, element)
    this.values.delete(field)
    this.due?.delete(field)
  }

  private change(): void {
    const field = this.pick()
    if (field === undefined) return
    const element = this.find(field)
    const value = this.text('')
    const content = latin1Bytes(value)
    const changed = setElementValue(this.arena, element, content, 0, content.length)
    if (changed !== element) this.dict.replace(this.dict.hash, element, changed)
    this.values.set(field, value)
  }

  private look(): void {
    const absent = latin1Bytes(`g${this.random.next32()}`)
    assert.equal(this.dict.find(absent, 0, absent.length), 0)
    const field = this.pick()
    if (field !== undefined) assert.equal(this.valueOf(this.find(field)), this.values.get(field))
  }

  private find(field: string): Pointer {
    const bytes = latin1Bytes(field)
    const element = this.dict.find(bytes, 0, bytes.length)
    assert.notEqual(element, 0)
    return element
  }

  private fieldOf(element: Pointer): string {
    const start = elementFieldStart(this.arena, element)
    return latin1(elementFieldBytes(this.arena, element), start, start + elementFieldLength(this.arena, element))
  }

  private valueOf(element: Pointer): string {
    const start = elementValueStart(this.arena, element)
    return latin1(elementValueBytes(this.arena, element), start, start + elementValueLength(this.arena, element))
  }

  private scan(buckets: number): void {
    if (this.due === undefined) {
      this.due = new Set(this.values.keys())
      this.cursor = 0
    }
    const found: Pointer[] = []
    for (let i = 0; i < buckets; i++) {
      this.cursor = this.dict.scan(this.cursor, found)
      if (this.cursor !== 0) continue
      for (const element of found) this.due.delete(this.fieldOf(element))
      assert.deepEqual([...this.due], [])
      this.due = undefined
      return
    }
    for (const element of found) this.due.delete(this.fieldOf(element))
  }

  private finishWalk(): void {
    this.dict.open(this.root)
    while (this.due !== undefined) this.scan(100)
  }

  private drawRandomly(): void {
    const element = this.dict.random(this.random)
    assert.equal(element === 0, this.values.size === 0)
    if (element !== 0) assert.ok(this.values.has(this.fieldOf(element)))
  }

  /** Goes on with a copy. */
  private duplicate(): void {
    this.finishWalk()
    this.dict.open(this.root)
    assert.ok(this.dict.duplicate())
    const copy = this.dict.root
    this.dict.open(this.root)
    this.dict.free(true)
    this.root = copy
    this.dict.open(copy)
    this.validate()
  }

  private validate(): void {
    this.dict.open(this.root)
    this.dict.validate()
    assert.equal(this.dict.count, this.values.size)
    const found: Pointer[] = []
    for (let index = 0; index < this.dict.bucketCount; index++) this.dict.collectBucket(index, found)
    const contents = new Map(found.map((element) => [this.fieldOf(element), this.valueOf(element)]))
    assert.deepEqual(contents, this.values)
    const empty = newElement(this.arena, NOTHING, 0, 0, NOTHING, 0, 0, 0)
    freeElement(this.arena, empty)
  }
}

test('a dict holds what was put in and not removed, and a scan misses nothing that stays', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 40 }), (seed, steps) => new Run(seed).perform(steps)),
    { numRuns: 60 },
  )
})

test('what two dicts have in common is found bucket by bucket, whatever their sizes', () => {
  const size = fc.oneof(fc.nat(30), fc.nat(2500))
  fc.assert(
    fc.property(size, size, fc.nat(4000), fc.integer(), (firstSize, secondSize, shift, key) => {
      const arena = new Arena({ poison: true })
      const first = filledDict(arena, key, 0, firstSize)
      const second = filledDict(arena, key, shift, secondSize)
      const common: string[] = []
      let seen = 0
      for (let index = 0; index < first.bucketCount; index++) {
        seen += first.takeBucket(index)
        const count = first.takeCommon(index, second)
        for (let i = 0; i < count; i++) common.push(fieldText(arena, first.taken[i]!))
      }
      const expected: string[] = []
      for (let i = shift; i < Math.min(firstSize, shift + secondSize); i++) expected.push(`member:${i}`)
      assert.equal(seen, firstSize)
      assert.deepEqual(common.sort(), expected.sort())
    }),
    { numRuns: 40 },
  )
})

function filledDict(arena: Arena, key: number, from: number, count: number): Dict {
  const dict = new Dict(arena, key, ~key)
  assert.ok(dict.create())
  for (let i = from; i < from + count; i++) {
    const field = latin1Bytes(`member:${i}`)
    const element = newElement(arena, field, 0, field.length, NOTHING, 0, 0, 0)
    assert.ok(dict.insert(dict.hashOf(field, 0, field.length), element))
  }
  return dict
}

function fieldText(arena: Arena, element: Pointer): string {
  const start = elementFieldStart(arena, element)
  return latin1(elementFieldBytes(arena, element), start, start + elementFieldLength(arena, element))
}
