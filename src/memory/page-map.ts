/**
 * Which pages of one segment are in use, and where a free run of a given length is.
 *
 * One bit a page, sixteen to a word, so a word is just the place of one slab. Over the words stands a complete binary
 * tree whose nodes summarise the pages below them: free pages at either end, longest free run, free slab places. A
 * search descends it and an update climbs it, nine levels, whatever the state of the segment.
 *
 * Slabs are taken from the low end and runs from the high end. Slabs have to be aligned to 64 KB, and this way runs do
 * not break up their places; each of the two kinds prefers its own end, so what is touched stays together.
 *
 *     page   0                                                       8191
 *            [slab][slab][    ][slab]  . . . free . . .  [run ][  ][run ]
 */
import { assert } from '../base/assert.js'
import { PAGES_PER_SEGMENT, PAGES_PER_SLAB, SLABS_PER_SEGMENT } from './pointer.js'

const WORDS = SLABS_PER_SEGMENT
const FULL_WORD = 0xffff

// A node is four entries of `tree`; node 1 is the root, the children of n are 2n and 2n + 1, the leaves are the words.
const NODE_SHIFT = 2
const PREFIX = 0 // free pages at its low end
const SUFFIX = 1 // free pages at its high end
const LONGEST = 2 // longest run of free pages in it
const SLABS = 3 // words that are wholly free
const ROOT = 1 << NODE_SHIFT

/** What the tables of a map take. */
export const PAGE_MAP_BYTES = 2 * (WORDS + PAGES_PER_SEGMENT + ((2 * WORDS) << NODE_SHIFT))

export class PageMap {
  /** A bit for each page, set while the page is in use. */
  readonly words: Uint16Array
  /** At the first page of a run the pages of that run, else 0. */
  readonly runPages: Uint16Array
  /** Slabs and runs have reached these bounds at some time; pages between them were never handed out. */
  slabsEnd: number
  runsStart: number
  private readonly tree: Int16Array

  constructor() {
    this.words = new Uint16Array(WORDS)
    this.runPages = new Uint16Array(PAGES_PER_SEGMENT)
    this.slabsEnd = 0
    this.runsStart = PAGES_PER_SEGMENT
    this.tree = new Int16Array((2 * WORDS) << NODE_SHIFT)
    this.update(0, WORDS - 1)
  }

  get longestRun(): number {
    return this.tree[ROOT + LONGEST]
  }

  get freeSlabs(): number {
    return this.tree[ROOT + SLABS]
  }

  /** @returns place of the slab, 0 .. 511; there must be one free */
  takeSlab(): number {
    assert(this.freeSlabs > 0)
    const tree = this.tree
    let node = 1
    while (node < WORDS) {
      node <<= 1
      if (tree[(node << NODE_SHIFT) + SLABS] === 0) node++
    }
    const word = node - WORDS
    this.words[word] = FULL_WORD
    this.update(word, word)
    if (this.slabsEnd < (word + 1) * PAGES_PER_SLAB) this.slabsEnd = (word + 1) * PAGES_PER_SLAB
    return word
  }

  freeSlab(word: number): void {
    assert(this.words[word] === FULL_WORD)
    this.words[word] = 0
    this.update(word, word)
  }

  /**
   * Takes the free run of `pages` pages that lies highest.
   *
   * @returns its first page; there must be such a run (see `longestRun`)
   */
  takeRun(pages: number): number {
    assert(pages > 0)
    assert(pages <= this.longestRun)
    const start = this.findRun(pages)
    this.setPages(start, pages, true)
    this.runPages[start] = pages
    if (this.runsStart > start) this.runsStart = start
    return start
  }

  freeRun(start: number): void {
    const pages = this.runPages[start]
    assert(pages > 0)
    this.runPages[start] = 0
    this.setPages(start, pages, false)
  }

  /** Gives back the end of a run, so that `pages` pages of it remain. */
  trimRun(start: number, pages: number): void {
    const before = this.runPages[start]
    assert(pages > 0)
    assert(pages < before)
    this.runPages[start] = pages
    this.setPages(start + pages, before - pages, false)
  }

  clear(): void {
    this.words.fill(0)
    this.runPages.fill(0)
    this.update(0, WORDS - 1)
  }

  /** Makes this map, which must be a new one, a copy of `other`. */
  assign(other: PageMap): void {
    this.words.set(other.words)
    this.runPages.set(other.runPages)
    this.slabsEnd = other.slabsEnd
    this.runsStart = other.runsStart
    this.update(0, WORDS - 1)
  }

  /** Compares the tree with one built afresh, and the runs with the bits. */
  validate(): void {
    const fresh = new PageMap()
    fresh.assign(this)
    for (let at = ROOT; at < this.tree.length; at++) assert(this.tree[at] === fresh.tree[at])
    let end = 0
    for (let page = 0; page < PAGES_PER_SEGMENT; page++) {
      const pages = this.runPages[page]
      if (pages === 0) continue
      assert(page >= end)
      end = page + pages
      assert(end <= PAGES_PER_SEGMENT)
      for (let inside = page; inside < end; inside++) assert(((this.words[inside >>> 4] >>> (inside & 15)) & 1) === 1)
    }
  }

  private findRun(pages: number): number {
    const tree = this.tree
    let node = 1
    let middle = PAGES_PER_SEGMENT >>> 1 // first page of the right child
    let half = middle
    while (node < WORDS) {
      const left = node << 1
      const right = left + 1
      half >>>= 1
      if (tree[(right << NODE_SHIFT) + LONGEST] >= pages) {
        node = right
        middle += half
        continue
      }
      const spanEnd = middle + tree[(right << NODE_SHIFT) + PREFIX]
      if (spanEnd - middle + tree[(left << NODE_SHIFT) + SUFFIX] >= pages) return spanEnd - pages
      node = left
      middle -= half
    }
    const word = node - WORDS
    return word * PAGES_PER_SLAB + highestRunInWord(this.words[word], pages)
  }

  private setPages(start: number, pages: number, inUse: boolean): void {
    const end = start + pages
    const first = start >>> 4
    const last = (end - 1) >>> 4
    for (let word = first; word <= last; word++) {
      const low = word === first ? start & 15 : 0
      const high = word === last ? ((end - 1) & 15) + 1 : 16
      const mask = ((1 << high) - 1) & ~((1 << low) - 1)
      const before = this.words[word]
      assert((before & mask) === (inUse ? 0 : mask))
      this.words[word] = before ^ mask
    }
    this.update(first, last)
  }

  /** Brings the tree up to date after the words `first` .. `last` have changed. */
  private update(first: number, last: number): void {
    for (let word = first; word <= last; word++) this.updateLeaf(word)
    let from = (WORDS + first) >>> 1
    let to = (WORDS + last) >>> 1
    for (let half = PAGES_PER_SLAB; from > 0; half <<= 1) {
      for (let node = from; node <= to; node++) this.updateNode(node, half)
      from >>>= 1
      to >>>= 1
    }
  }

  private updateLeaf(word: number): void {
    const at = (WORDS + word) << NODE_SHIFT
    const used = this.words[word]
    this.tree[at + PREFIX] = used === 0 ? PAGES_PER_SLAB : 31 - Math.clz32(used & -used)
    this.tree[at + SUFFIX] = Math.clz32(used) - 16
    this.tree[at + LONGEST] = longestRunInWord(used)
    this.tree[at + SLABS] = used === 0 ? 1 : 0
  }

  /** @param half  pages under each of the two children */
  private updateNode(node: number, half: number): void {
    const tree = this.tree
    const at = node << NODE_SHIFT
    const left = node << (NODE_SHIFT + 1)
    const right = left + (1 << NODE_SHIFT)
    const leftPrefix = tree[left + PREFIX]
    const rightSuffix = tree[right + SUFFIX]
    const spanning = tree[left + SUFFIX] + tree[right + PREFIX]
    tree[at + PREFIX] = leftPrefix === half ? half + tree[right + PREFIX] : leftPrefix
    tree[at + SUFFIX] = rightSuffix === half ? half + tree[left + SUFFIX] : rightSuffix
    tree[at + LONGEST] = Math.max(tree[left + LONGEST], tree[right + LONGEST], spanning)
    tree[at + SLABS] = tree[left + SLABS] + tree[right + SLABS]
  }
}

function longestRunInWord(used: number): number {
  let free = ~used & FULL_WORD
  let length = 0
  // Each round shortens every run of ones by one; the rounds until none is left are the longest run.
  while (free !== 0) {
    free &= free << 1
    length++
  }
  return length
}

/** @returns first bit of the highest `pages` zeros in a row; there must be some */
function highestRunInWord(used: number, pages: number): number {
  const mask = (1 << pages) - 1
  let bit = PAGES_PER_SLAB - pages
  while (((used >>> bit) & mask) !== 0) bit--
  assert(bit >= 0)
  return bit
}
