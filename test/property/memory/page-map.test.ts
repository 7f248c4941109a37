/**
 * Random slabs and runs in a page map, against an array with an entry for each page.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { PageMap } from '../../../src/memory/page-map.js'
import { PAGES_PER_SEGMENT, PAGES_PER_SLAB, SLABS_PER_SEGMENT } from '../../../src/memory/pointer.js'

type Step = { readonly do: 'slab' | 'run' | 'free' | 'trim'; readonly pages: number; readonly pick: number }

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('slab', 'run', 'run', 'free', 'free', 'trim'),
  pages: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 })),
  pick: fc.nat(),
})

class NaiveMap {
  readonly used: boolean[] = Array.from({ length: PAGES_PER_SEGMENT }, () => false)

  set(start: number, pages: number, used: boolean): void {
    this.used.fill(used, start, start + pages)
  }

  highestRun(pages: number): number {
    for (let start = PAGES_PER_SEGMENT - pages, free = this.freeFrom(start); start >= 0; start--) {
      if (free >= pages) return start
      free = start > 0 && !this.used[start - 1] ? free + 1 : 0
    }
    return -1
  }

  lowestSlab(): number {
    for (let place = 0; place < SLABS_PER_SEGMENT; place++) {
      if (this.freeFrom(place * PAGES_PER_SLAB) >= PAGES_PER_SLAB) return place
    }
    return -1
  }

  longest(): number {
    let longest = 0
    for (let page = 0, free = 0; page < PAGES_PER_SEGMENT; page++) {
      free = this.used[page] ? 0 : free + 1
      longest = Math.max(longest, free)
    }
    return longest
  }

  private freeFrom(start: number): number {
    let page = start
    while (page < PAGES_PER_SEGMENT && !this.used[page]) page++
    return page - start
  }
}

test('a page map behaves as an array of pages', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }), (steps) => {
      const map = new PageMap()
      const naive = new NaiveMap()
      const taken: { start: number; pages: number; isSlab: boolean }[] = []
      for (const each of steps) perform(each, map, naive, taken)
      map.validate()
      assert.equal(map.longestRun, naive.longest())
      for (const { start, isSlab } of taken) {
        if (isSlab) map.freeSlab(start / PAGES_PER_SLAB)
        else map.freeRun(start)
      }
      map.validate()
      assert.equal(map.longestRun, PAGES_PER_SEGMENT)
      assert.equal(map.freeSlabs, SLABS_PER_SEGMENT)
    }),
    { numRuns: 150 },
  )
})

function perform(
  { do: action, pages, pick }: Step,
  map: PageMap,
  naive: NaiveMap,
  taken: { start: number; pages: number; isSlab: boolean }[],
): void {
  if (action === 'slab') {
    const place = naive.lowestSlab()
    assert.equal(map.freeSlabs > 0, place >= 0)
    if (place < 0) return
    assert.equal(map.takeSlab(), place)
    naive.set(place * PAGES_PER_SLAB, PAGES_PER_SLAB, true)
    taken.push({ start: place * PAGES_PER_SLAB, pages: PAGES_PER_SLAB, isSlab: true })
  } else if (action === 'run') {
    const start = naive.highestRun(pages)
    assert.equal(map.longestRun >= pages, start >= 0)
    if (start < 0) return
    assert.equal(map.takeRun(pages), start)
    naive.set(start, pages, true)
    taken.push({ start, pages, isSlab: false })
  } else if (taken.length > 0) {
    const index = pick % taken.length
    const block = taken[index]!
    const kept = action === 'free' || block.isSlab || pages >= block.pages ? 0 : pages
    if (kept > 0) map.trimRun(block.start, kept)
    else if (block.isSlab) map.freeSlab(block.start / PAGES_PER_SLAB)
    else map.freeRun(block.start)
    naive.set(block.start + kept, block.pages - kept, false)
    if (kept > 0) block.pages = kept
    else taken.splice(index, 1)
  }
}
