/** Random edits of a quicklist against an array of texts, under every kind of node limit, with and without compression. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { Arena } from '../../../src/memory/arena.js'
import type { Pointer } from '../../../src/memory/pointer.js'
import { ListpackElement } from '../../../src/structures/listpack.js'
import * as quicklists from '../../../src/structures/quicklist.js'
import { QuicklistCursor } from '../../../src/structures/quicklist.js'

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 8 }) },
  { weight: 3, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.constantFrom(30, 200, 1000, 3000).map((n) => 'ab'.repeat(n)) },
)
const step = fc.record({
  do: fc.constantFrom(
    'head',
    'tail',
    'tail',
    'tail',
    'before',
    'behind',
    'replace',
    'remove',
    'removeBack',
    'range',
    'pop',
  ),
  value: text,
  at: fc.nat(),
  count: fc.nat(6),
})
const shape = fc.record({
  fill: fc.constantFrom(-1, -2, -5, 0, 1, 2, 5, 128),
  depth: fc.constantFrom(0, 0, 1, 2),
  large: fc.constantFrom(1 << 30, 1 << 30, 100, 5),
})

class Pair {
  readonly arena = new Arena({ poison: true })
  readonly texts: string[] = []
  readonly cursor = new QuicklistCursor()
  readonly list: Pointer
  readonly large: number

  constructor(fill: number, depth: number, large: number) {
    this.list = quicklists.create(this.arena, fill, depth)
    this.large = large
  }

  check(): void {
    const { arena, cursor, list, texts } = this
    quicklists.validate(arena, list)
    assert.equal(quicklists.count(arena, list), texts.length)
    let index = 0
    for (let isThere = cursor.toFirst(arena, list); isThere; isThere = cursor.next(arena)) {
      assert.equal(this.shown(), texts[index++])
    }
    assert.equal(index, texts.length)
    for (let isThere = cursor.toLast(arena, list); isThere; isThere = cursor.previous(arena)) {
      assert.equal(this.shown(), texts[--index])
    }
    assert.equal(index, 0)
  }

  shown(): string {
    const element = new ListpackElement()
    this.cursor.readText(this.arena, element)
    return latin1(element.bytes, element.start, element.end)
  }

  apply({ do: what, value, at, count }: { do: string; value: string; at: number; count: number }): void {
    const { arena, cursor, large, list, texts } = this
    const bytes = latin1Bytes(value)
    const end = bytes.length
    if (what === 'head' || what === 'tail' || texts.length === 0) {
      assert.ok(quicklists.push(arena, list, what === 'head', bytes, 0, end, large))
      if (what === 'head') texts.unshift(value)
      else texts.push(value)
      return
    }
    const index = at % texts.length
    assert.ok(cursor.toIndex(arena, list, index))
    assert.equal(this.shown(), texts[index])
    if (what === 'before' || what === 'behind') {
      const isBehind = what === 'behind'
      assert.ok(quicklists.insertBeside(arena, list, cursor, isBehind, bytes, 0, end, large))
      texts.splice(isBehind ? index + 1 : index, 0, value)
    } else if (what === 'replace') {
      assert.ok(quicklists.replaceAt(arena, list, cursor, bytes, 0, end, large))
      texts[index] = value
    } else if (what === 'pop') {
      assert.ok(quicklists.pop(arena, list, at % 2 === 0))
      if (at % 2 === 0) texts.shift()
      else texts.pop()
    } else if (what === 'range') {
      const removed = Math.min(count, texts.length - index)
      assert.ok(quicklists.removeRange(arena, list, index, removed, cursor))
      texts.splice(index, removed)
    } else this.removeAt(index, what === 'removeBack')
  }

  private removeAt(index: number, backward: boolean): void {
    const { arena, cursor, list, texts } = this
    const outcome = quicklists.removeAt(arena, list, cursor, backward)
    texts.splice(index, 1)
    const beside = backward ? index - 1 : index
    assert.equal(outcome, beside >= 0 && beside < texts.length ? 1 : 0)
    if (outcome === 1) assert.equal(this.shown(), texts[beside])
    quicklists.settle(arena, list, cursor.node)
  }
}

test('edits of a quicklist, against an array', () => {
  fc.assert(
    fc.property(shape, fc.array(step, { maxLength: 80 }), ({ fill, depth, large }, steps) => {
      const pair = new Pair(fill, depth, large)
      for (const [i, one] of steps.entries()) {
        pair.apply(one)
        if (i % 4 === 0) pair.check()
      }
      pair.check()
      const copied = quicklists.duplicate(pair.arena, pair.list)
      quicklists.validate(pair.arena, copied)
      assert.equal(quicklists.count(pair.arena, copied), pair.texts.length)
      quicklists.free(pair.arena, copied)
      for (let left = pair.list; left !== 0;) left = quicklists.freeSome(pair.arena, left, 3)
      assert.equal(pair.arena.usedBytes, 0)
    }),
    { numRuns: 250 },
  )
})

test('a long list: indexes from both ends, and compression that saves', () => {
  const arena = new Arena()
  const list = quicklists.create(arena, -2, 1)
  const plain = quicklists.create(arena, -2, 0)
  const cursor = new QuicklistCursor()
  const element = new ListpackElement()
  const before = arena.usedBytes
  for (let i = 0; i < 200_000; i++) {
    const bytes = latin1Bytes(`element ${i}`)
    quicklists.push(arena, list, false, bytes, 0, bytes.length, 1 << 30)
  }
  const compressed = arena.usedBytes - before
  for (let i = 0; i < 200_000; i++) {
    const bytes = latin1Bytes(`element ${i}`)
    quicklists.push(arena, plain, false, bytes, 0, bytes.length, 1 << 30)
  }
  assert.ok(compressed * 2 < arena.usedBytes - before - compressed)
  for (const index of [0, 1, 777, 100_000, 199_998, 199_999]) {
    for (const one of [list, plain]) {
      assert.ok(cursor.toIndex(arena, one, index))
      cursor.readText(arena, element)
      assert.equal(latin1(element.bytes, element.start, element.end), `element ${index}`)
    }
  }
  assert.equal(cursor.toIndex(arena, list, 200_000), false)
})
