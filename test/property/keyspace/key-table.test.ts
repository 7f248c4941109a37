/**
 * Random use of key tables against maps: growing and shrinking by bursts, moves of entries, swaps, draining, and scans that
 * go on while all that happens.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { keyBytes, keyLength, keyOffset, keyStart, makeMeta, setMeta } from '../../../src/keyspace/entry.js'
import { KeyTable } from '../../../src/keyspace/key-table.js'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, type Pointer, segmentOf } from '../../../src/memory/pointer.js'
import { SeededRandom } from '../../support/test-store.js'

type Step =
  | { readonly do: 'insert' | 'remove' | 'move' | 'look'; readonly pick: number; readonly times: number }
  | { readonly do: 'scan'; readonly buckets: number }
  | { readonly do: 'swap' | 'drain' | 'clear' | 'random' | 'validate' }

/** Mostly single steps, now and then enough at once to grow or shrink by many buckets. */
const times = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 20, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 6000 }) },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('insert' as const), pick: fc.nat(), times }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('remove' as const), pick: fc.nat(), times }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('move' as const, 'look' as const), pick: fc.nat(), times }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('scan' as const), buckets: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('random' as const, 'validate' as const, 'swap' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('drain' as const, 'clear' as const) }) },
)

/**
 * A walk through the table that is under way: what was there when it began, or came later, and has been there since, must be
 * returned before the end.
 */
class Walk {
  cursor = 0
  readonly due: Set<string>

  constructor(keys: Iterable<string>) {
    this.due = new Set(keys)
  }
}

class Run {
  readonly arena = new Arena({ poison: true })
  readonly random: SeededRandom
  table: KeyTable
  other: KeyTable
  keys = new Map<string, Pointer>()
  otherKeys = new Map<string, Pointer>()
  walk: Walk | undefined
  made = 0

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
    this.table = new KeyTable(this.arena, seed, ~seed)
    this.other = new KeyTable(this.arena, seed, ~seed)
  }

  perform(steps: readonly Step[]): void {
    for (const next of steps) this.step(next)
    this.finishWalk()
    this.validate()
    this.clear()
    this.step({ do: 'swap' })
    this.clear()
    assert.equal(this.arena.usedBytes, 0)
    this.arena.validate()
  }

  private step(next: Step): void {
    switch (next.do) {
      case 'insert':
        for (let i = 0; i < next.times; i++) this.insert(`${next.pick % 100}:${this.made++}`)
        break
      case 'remove':
        for (const key of this.chosen(next.pick, next.times)) this.remove(key)
        break
      case 'move':
        for (const key of this.chosen(next.pick, next.times)) this.move(key)
        break
      case 'look':
        for (const key of this.chosen(next.pick, next.times)) this.look(key)
        break
      case 'scan':
        this.scan(next.buckets)
        break
      case 'swap':
        this.swap()
        break
      case 'drain':
        this.drain()
        break
      case 'clear':
        this.clear()
        break
      case 'random':
        this.draw()
        break
      default:
        this.validate()
    }
  }

  private chosen(pick: number, count: number): string[] {
    const all = [...this.keys.keys()]
    if (all.length === 0) return []
    const first = pick % all.length
    return all.slice(first, first + count)
  }

  private insert(key: string): void {
    const bytes = latin1Bytes(key)
    assert.equal(this.table.find(bytes, 0, bytes.length), 0)
    const entry = makeEntry(this.arena, key)
    this.table.insert(this.table.hash, entry)
    this.keys.set(key, entry)
  }

  private remove(key: string): void {
    const entry = this.look(key)
    assert.equal(this.table.remove(this.table.hash, entry), true)
    assert.equal(this.table.remove(this.table.hashOf(latin1Bytes(key), 0, key.length), entry), false)
    this.arena.free(entry)
    this.keys.delete(key)
    this.walk?.due.delete(key)
  }

  private move(key: string): void {
    const from = this.look(key)
    const to = makeEntry(this.arena, key)
    this.table.replace(this.table.hash, from, to)
    this.arena.free(from)
    this.keys.set(key, to)
  }

  private look(key: string): Pointer {
    const bytes = latin1Bytes(key)
    const entry = this.table.find(bytes, 0, bytes.length)
    assert.equal(entry, this.keys.get(key))
    assert.equal(this.table.has(this.table.hash, entry), true)
    return entry
  }

  private scan(buckets: number): void {
    this.walk ??= new Walk(this.keys.keys())
    const { walk } = this
    const found: Pointer[] = []
    for (let i = 0; i < buckets; i++) {
      walk.cursor = this.table.scan(walk.cursor, found)
      assert.ok(walk.cursor >= 0 && walk.cursor < 2 ** 32)
      if (walk.cursor === 0) break
    }
    for (const entry of found) {
      const key = keyOf(this.arena, entry)
      assert.equal(this.keys.get(key), entry)
      walk.due.delete(key)
    }
    if (walk.cursor !== 0) return
    assert.deepEqual([...walk.due], [], 'keys that a whole scan did not return')
    this.walk = undefined
  }

  private finishWalk(): void {
    this.scan(1)
    while (this.walk !== undefined) this.scan(1000)
  }

  private swap(): void {
    this.finishWalk()
    this.table.swap(this.other)
    const { keys } = this
    this.keys = this.otherKeys
    this.otherKeys = keys
  }

  private drain(): void {
    this.walk = undefined
    const taken: Pointer[] = []
    for (let index = 0; index < this.table.bucketCount; index++) this.table.drainBucket(index, taken)
    assert.equal(this.table.count, 0)
    this.table.freeBuckets()
    assert.deepEqual(taken.map((entry) => keyOf(this.arena, entry)).sort(), [...this.keys.keys()].sort())
    for (const entry of taken) this.arena.free(entry)
    this.keys.clear()
  }

  private clear(): void {
    this.walk = undefined
    this.table.clearAll()
    for (const entry of this.keys.values()) this.arena.free(entry)
    this.keys.clear()
  }

  private draw(): void {
    const entry = this.table.random(this.random)
    if (this.keys.size === 0) assert.equal(entry, 0)
    else assert.equal(this.keys.get(keyOf(this.arena, entry)), entry)
  }

  private validate(): void {
    assert.equal(this.table.count, this.keys.size)
    this.table.validate()
    this.other.validate()
    // Growth and shrinking keep the load within bounds, whatever has come before.
    if (this.keys.size > 16) assert.ok(this.table.bucketCount < this.keys.size)
    assert.ok(this.table.bucketCount * 7 >= this.keys.size)
  }
}

test('a key table behaves as a map, and a scan misses nothing that stays', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (seed, steps) =>
      new Run(seed).perform(steps),
    ),
    { numRuns: 150 },
  )
})

test('a walk that begins with a table empties it: every key is returned before it goes', () => {
  const run = new Run(7)
  const steps: Step[] = [{ do: 'insert', pick: 0, times: 3000 }]
  for (let i = 0; i < 40; i++) steps.push({ do: 'scan', buckets: 7 }, { do: 'remove', pick: i * 31, times: 60 })
  run.perform(steps)
})

test('a random entry is any entry with the same chance', () => {
  const run = new Run(11)
  const draws = 40_000
  run.perform([])
  for (const size of [1, 5, 40, 333]) {
    const table = new KeyTable(run.arena, 3, 4)
    for (let i = 0; i < size; i++) {
      const bytes = latin1Bytes(`k${i}`)
      table.insert(table.hashOf(bytes, 0, bytes.length), makeEntry(run.arena, `k${i}`))
    }
    const counts = new Map<Pointer, number>()
    for (let i = 0; i < draws; i++) {
      const entry = table.random(run.random)
      counts.set(entry, (counts.get(entry) ?? 0) + 1)
    }
    const expected = draws / size
    let chiSquare = 0
    for (const count of counts.values()) chiSquare += (count - expected) ** 2 / expected
    assert.equal(counts.size, size)
    // Mean size - 1, deviation sqrt(2 (size - 1)); five deviations leave no room for chance.
    assert.ok(chiSquare < size - 1 + 5 * Math.sqrt(2 * size), `chi-square ${chiSquare} for ${size} keys`)
  }
})

/** A block with nothing but a key in it. */
function makeEntry(arena: Arena, key: string): Pointer {
  const meta = makeMeta(0, 0, 0, key.length)
  const entry = arena.allocate(keyOffset(meta) + key.length)
  setMeta(arena, entry, meta)
  arena.u8[segmentOf(entry)]!.set(latin1Bytes(key), byteOffsetOf(entry) + keyOffset(meta))
  return entry
}

function keyOf(arena: Arena, entry: Pointer): string {
  const start = keyStart(arena, entry)
  return latin1(keyBytes(arena, entry), start, start + keyLength(arena, entry))
}
