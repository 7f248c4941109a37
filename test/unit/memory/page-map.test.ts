import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssertionError } from '../../../src/base/assert.js'
import { PageMap } from '../../../src/memory/page-map.js'
import { PAGES_PER_SEGMENT, SLABS_PER_SEGMENT } from '../../../src/memory/pointer.js'

test('an empty map is one run', () => {
  const map = new PageMap()
  map.validate()
  assert.equal(map.longestRun, PAGES_PER_SEGMENT)
  assert.equal(map.freeSlabs, SLABS_PER_SEGMENT)
})

test('slabs come from below, runs from above', () => {
  const map = new PageMap()
  assert.equal(map.takeSlab(), 0)
  assert.equal(map.takeSlab(), 1)
  assert.equal(map.takeRun(5), PAGES_PER_SEGMENT - 5)
  assert.equal(map.takeRun(11), PAGES_PER_SEGMENT - 16)
  assert.equal(map.takeRun(1), PAGES_PER_SEGMENT - 17)
  assert.equal(map.freeSlabs, SLABS_PER_SEGMENT - 4)
  assert.equal(map.longestRun, PAGES_PER_SEGMENT - 17 - 32)
  map.validate()
  map.freeSlab(0)
  assert.equal(map.takeSlab(), 0)
})

test('the whole segment can be one run', () => {
  const map = new PageMap()
  assert.equal(map.takeRun(PAGES_PER_SEGMENT), 0)
  assert.equal(map.longestRun, 0)
  assert.equal(map.freeSlabs, 0)
  assert.throws(() => map.takeSlab(), AssertionError)
  assert.throws(() => map.takeRun(1), AssertionError)
  map.validate()
  map.freeRun(0)
  assert.equal(map.longestRun, PAGES_PER_SEGMENT)
})

test('a run freed between two others is joined with them, and found again across words', () => {
  const map = new PageMap()
  const starts = [map.takeRun(100), map.takeRun(100), map.takeRun(100)]
  const rest = map.takeRun(map.longestRun)
  for (const index of [0, 2, 1]) map.freeRun(starts[index]!)
  assert.equal(map.longestRun, 300)
  assert.equal(map.takeRun(300), starts[2])
  map.freeRun(rest)
  map.validate()
})

test('the highest hole that is long enough is taken, not the first or the largest', () => {
  const map = new PageMap()
  const runs = Array.from({ length: 8 }, () => map.takeRun(20)) // runs[0] lies highest
  map.freeRun(runs[0]!)
  map.freeRun(runs[2]!)
  map.freeRun(runs[3]!)
  map.freeRun(runs[6]!)
  assert.equal(map.takeRun(21), runs[2]! + 20 - 21)
  assert.equal(map.takeRun(20), runs[0])
})

test('trimming gives back the end', () => {
  const map = new PageMap()
  const start = map.takeRun(40)
  map.trimRun(start, 3)
  assert.equal(map.runPages[start], 3)
  assert.equal(map.takeRun(37), start + 3)
  map.validate()
  assert.throws(() => map.trimRun(start, 3), AssertionError)
  assert.throws(() => map.trimRun(start, 0), AssertionError)
})

test('what is not in use cannot be freed', () => {
  const map = new PageMap()
  const start = map.takeRun(4)
  assert.throws(() => map.freeRun(start + 1), AssertionError)
  assert.throws(() => map.freeSlab(0), AssertionError)
  map.freeRun(start)
  assert.throws(() => map.freeRun(start), AssertionError)
})

test('validate notices a bit, a run and a summary that are wrong', () => {
  const flipped = new PageMap()
  flipped.words[3] = 1
  assert.throws(() => flipped.validate(), AssertionError)

  const unbacked = new PageMap()
  unbacked.runPages[9] = 2
  assert.throws(() => unbacked.validate(), AssertionError)

  const overlapping = new PageMap()
  const start = overlapping.takeRun(4)
  overlapping.runPages[start + 1] = 1
  assert.throws(() => overlapping.validate(), AssertionError)
})
