/** Random use of skiplists against a sorted array: scores that change, runs that are taken out, ranks and ranges, copies. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compare, latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Arena } from '../../../src/memory/arena.js'
import type { Pointer } from '../../../src/memory/pointer.js'
import { viewField } from '../../../src/structures/dict-element.js'
import { Skiplist } from '../../../src/structures/skiplist.js'
import { SeededRandom } from '../../support/test-store.js'

interface Step {
  readonly do: 'insert' | 'score' | 'remove' | 'run' | 'look' | 'validate' | 'duplicate'
  readonly times: number
}

interface Pair {
  readonly member: string
  score: number
}

const times = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 20, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 300, max: 900 }) },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('insert' as const), times }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('score' as const, 'remove' as const, 'look' as const), times }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('run' as const), times: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('validate' as const, 'duplicate' as const), times: fc.constant(1) }),
  },
) // prettier-ignore

class Run {
  private readonly arena = new Arena({ poison: true })
  private readonly random: SeededRandom
  private readonly list: Skiplist
  private root: Pointer
  private pairs: Pair[] = []
  private made = 0

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
    this.list = new Skiplist(this.arena, seed, ~seed)
    assert.ok(this.list.create())
    this.root = this.list.root
  }

  perform(steps: readonly Step[]): void {
    for (const next of steps) this.step(next)
    this.validate()
    while (!this.list.freeSome(1 + (this.random.next32() % 400))) this.list.open(this.root)
    assert.equal(this.arena.usedBytes, 0)
    this.arena.validate()
  }

  private step(next: Step): void {
    this.list.open(this.root)
    if (next.do === 'validate') return this.validate()
    if (next.do === 'duplicate') return this.duplicate()
    if (next.do === 'run') return this.removeRun(next.times)
    for (let i = 0; i < next.times; i++) {
      if (next.do === 'insert') this.insert()
      else if (next.do === 'score') this.change()
      else if (next.do === 'remove') this.remove()
      else this.look()
    }
  }

  private below(limit: number): number {
    return (this.random.next32() >>> 0) % limit
  }

  /** Few, so that members share them. */
  private someScore(): number {
    return [-Infinity, -1.5, 0, 1, 2, 3, 1e300, Infinity, this.below(50), this.below(50)][this.below(10)]!
  }

  private insert(): void {
    const stem = `${this.below(9)}m${this.made++}`
    const member = this.below(100) === 0 ? stem.padEnd(4090 + this.below(10), 'x') : stem.padEnd(this.below(20), 'z')
    const bytes = latin1Bytes(member)
    assert.equal(this.list.find(bytes, 0, bytes.length), 0)
    const score = this.someScore()
    assert.notEqual(this.list.insert(bytes, 0, bytes.length, score), 0)
    this.pairs.splice(this.placeOf(member, score), 0, { member, score })
  }

  private change(): void {
    if (this.pairs.length === 0) return
    const rank = this.below(this.pairs.length)
    const [pair] = this.pairs.splice(rank, 1)
    const score = this.someScore()
    this.list.setScore(this.nodeOf(pair!.member), score)
    this.pairs.splice(this.placeOf(pair!.member, score), 0, { member: pair!.member, score })
  }

  private remove(): void {
    if (this.pairs.length === 0) return
    const rank = [0, this.pairs.length - 1, this.below(this.pairs.length)][this.below(3)]!
    const [pair] = this.pairs.splice(rank, 1)
    this.list.remove(this.nodeOf(pair!.member))
  }

  private removeRun(count: number): void {
    if (this.pairs.length === 0) return
    const rank = this.below(this.pairs.length)
    this.list.removeRun(this.list.at(rank), count)
    this.pairs.splice(rank, count)
  }

  private look(): void {
    const { list, pairs } = this
    assert.equal(list.at(pairs.length), 0)
    const score = this.someScore()
    const lower = pairs.filter((pair) => pair.score < score).length
    const notHigher = pairs.filter((pair) => pair.score <= score).length
    assert.equal(list.countBelow(score, false), lower)
    assert.equal(list.countBelow(score, true), notHigher)
    this.check(list.firstAbove(score, false), lower)
    this.check(list.firstAbove(score, true), notHigher)
    this.check(list.lastBelow(score, false), lower - 1)
    this.check(list.lastBelow(score, true), notHigher - 1)
    if (pairs.length === 0) return
    const rank = this.below(pairs.length)
    this.check(list.at(rank), rank)
    assert.equal(list.rankOf(list.at(rank)), rank)
  }

  private check(node: Pointer, rank: number): void {
    const pair = this.pairs[rank]
    if (pair === undefined) return assert.equal(node, 0)
    assert.equal(this.memberOf(node), pair.member)
    assert.ok(Object.is(this.list.score(node), pair.score))
  }

  private duplicate(): void {
    const source = this.list.root
    assert.ok(this.list.duplicate())
    const copied = this.list.root
    this.validate()
    this.list.open(source)
    this.list.free()
    this.list.open(copied)
    this.root = copied
  }

  private validate(): void {
    const { list } = this
    list.open(this.root)
    list.validate()
    const found: Pair[] = []
    for (let node = list.first; node !== 0; node = list.next(node)) {
      found.push({ member: this.memberOf(node), score: list.score(node) })
    }
    assert.deepEqual(found, this.pairs)
    assert.ok(list.memoryBytes(Infinity) >= this.pairs.length * 24)
  }

  private placeOf(member: string, score: number): number {
    const at = this.pairs.findIndex((pair) => pair.score > score || (pair.score === score && pair.member > member))
    return at < 0 ? this.pairs.length : at
  }

  private nodeOf(member: string): Pointer {
    const bytes = latin1Bytes(member)
    const node = this.list.find(bytes, 0, bytes.length)
    assert.notEqual(node, 0)
    return node
  }

  private memberOf(node: Pointer): string {
    const view = { bytes: new Uint8Array(0), start: 0, end: 0 }
    viewField(this.arena, node, view)
    return latin1(view.bytes, view.start, view.end)
  }
}

test('a skiplist is a sorted array', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 60 }), (seed, steps) => new Run(seed).perform(steps)),
    { numRuns: 40 },
  )
})

test('members of one score are found by their bytes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ maxLength: 4 }), { maxLength: 60 }), fc.string({ maxLength: 4 }), (texts, text) => {
      const arena = new Arena({ poison: true })
      const list = new Skiplist(arena, 1, 2)
      assert.ok(list.create())
      const encoder = new TextEncoder()
      const members = texts.map((member) => encoder.encode(member))
      for (const member of members) {
        list.find(member, 0, member.length)
        list.gather(member, 0, member.length, 5)
      }
      list.order()
      list.validate()
      const bound = encoder.encode(text)
      const order = (member: Uint8Array): number => compare(member, 0, member.length, bound, 0, bound.length)
      const lower = members.filter((member) => order(member) < 0).length
      const notHigher = members.filter((member) => order(member) <= 0).length
      assert.equal(list.firstAboveMember(bound, 0, bound.length, false), list.at(lower))
      assert.equal(list.firstAboveMember(bound, 0, bound.length, true), list.at(notHigher))
      assert.equal(list.lastBelowMember(bound, 0, bound.length, false), lower === 0 ? 0 : list.at(lower - 1))
      assert.equal(list.lastBelowMember(bound, 0, bound.length, true), notHigher === 0 ? 0 : list.at(notHigher - 1))
      list.free()
      assert.equal(arena.usedBytes, 0)
    }),
  )
}) // prettier-ignore

test('without memory nothing changes', () => {
  const arena = new Arena({ segmentsMax: 1 })
  const list = new Skiplist(arena, 3, 4)
  assert.ok(list.create())
  const member = new Uint8Array(3000)
  for (let i = 0; ; i++) {
    member[i & 3]! += 1
    member[4] = i >>> 16
    member[5] = i >>> 8
    member[6] = i
    list.find(member, 0, member.length)
    if (list.insert(member, 0, member.length, i % 7) !== 0) continue
    assert.equal(list.count, i)
    break
  }
  const root = list.root
  assert.equal(list.duplicate(), false)
  assert.equal(list.root, root)
  list.validate()
  list.free()
  assert.equal(arena.usedBytes, 0)
})
