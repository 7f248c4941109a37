/**
 * The skiplist: members in the order of their scores, and of their bytes where scores are equal; found by member through a dict.
 *
 * Source: W. Pugh, "Skip Lists: A Probabilistic Alternative to Balanced Trees" (1990), with the widths of links that his
 * "Skip List Cookbook" adds to find elements by rank, and links backwards on the lowest level.
 *
 * A node is at the same time the dict's element (dict-element.ts) of its member, so that score, links and member lie in one
 * block, mostly in one cache line. The root has its links at the same places as a node.
 *
 *     node:                                             root:
 *        0  lengths, and words of prefix                   0  the dict
 *        4  node in front, or 0                            4  last node, or 0
 *        8  score, f64                                     8  nodes
 *       12                                                12  levels in use
 *       16  next node, or 0                               16  first node
 *       20  level 1: next node there, or 0                20  level 1: first node there
 *       24           how many nodes further it is         24           which node that is, counted from 1
 *       28  level 2 …                                     28  level 2 … up to level 15
 *        +  member
 *
 * A link that leads nowhere has the number of nodes up to the end as its width. A node with a member of 16 bytes takes 36 bytes, and 8
 * more for each level above the lowest.
 *
 * The level of a node is drawn from the hash of its member, whose key nobody knows, rather than from a generator: each level has
 * a quarter of the nodes of the one below, whatever the members. Sixteen levels serve 4^16 nodes, more than an arena holds.
 */

import { assert } from '../base/assert.js'
import type { Random } from '../base/environment.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import {
  type ByteRange,
  compareField,
  copyElement,
  elementBytes,
  freeElement,
  newElement,
  viewField,
} from './dict-element.js'
import { Dict } from './dict.js'

/** Levels a node can have. */
export const LEVELS_MAX = 16

const HEADS_SHIFT = 24
const BACK = 1
const SCORE_UNIT = 1
const NEXT = 4
/** Words of prefix in a node of one level, and how many each further one adds. */
const PREFIX_WORDS = 4
const LEVEL_WORDS = 2
/** A link of level 1 and above lies at this word, plus two for each level. */
const LINKS = 3

const DICT = 0
const LAST = 1
const COUNT = 2
const LEVELS = 3
const ROOT_BYTES = (LINKS + LEVEL_WORDS * LEVELS_MAX) * 4

const NOTHING = new Uint8Array(0)
/** Spreads what levels are drawn from over all bits of the hash. */
const GOLDEN_RATIO = 0x9e3779b1 | 0

/** The root of the dict of a skiplist. */
export function dictRoot(arena: Arena, root: Pointer): Pointer {
  return arena.i32[root >>> SEGMENT_SHIFT][((root & OFFSET_MASK) << 1) + DICT]
}

export class Skiplist {
  /** The root this object is open on. */
  root: Pointer
  count: number
  readonly dict: Dict
  private readonly arena: Arena
  private levels: number
  /** By level: the last node in front of the place that was sought, or the root, and how many nodes that place is from the start. */
  private readonly before: Int32Array
  private readonly ranks: Int32Array
  private readonly own: ByteRange

  constructor(arena: Arena, key0: number, key1: number) {
    this.root = 0
    this.count = 0
    this.dict = new Dict(arena, key0, key1)
    this.arena = arena
    this.levels = 0
    this.before = new Int32Array(LEVELS_MAX)
    this.ranks = new Int32Array(LEVELS_MAX)
    this.own = { bytes: NOTHING, start: 0, end: 0 }
  }

  /** Opens this on a new skiplist without nodes; false without memory. */
  create(): boolean {
    const root = this.arena.allocate(ROOT_BYTES)
    if (root === 0) return false
    if (!this.dict.create()) {
      this.arena.free(root)
      return false
    }
    const words = this.arena.i32[root >>> SEGMENT_SHIFT]
    const base = (root & OFFSET_MASK) << 1
    words.fill(0, base, base + (ROOT_BYTES >>> 2))
    words[base + DICT] = this.dict.root
    words[base + LEVELS] = 1
    this.open(root)
    return true
  }

  /** Turns to another skiplist. What another object changes is seen after opening again. */
  open(root: Pointer): void {
    const words = this.arena.i32[root >>> SEGMENT_SHIFT]
    const base = (root & OFFSET_MASK) << 1
    this.root = root
    this.count = words[base + COUNT]
    this.levels = words[base + LEVELS]
    this.dict.open(words[base + DICT])
  }

  // Nodes, and the way from one to another; 0 is none.

  /** The node of a member. Leaves the member's hash in `dict.hash`. */
  find(bytes: Uint8Array, start: number, end: number): Pointer {
    return this.dict.find(bytes, start, end)
  }

  get first(): Pointer {
    return this.arena.i32[this.root >>> SEGMENT_SHIFT][((this.root & OFFSET_MASK) << 1) + NEXT]
  }

  get last(): Pointer {
    return this.arena.i32[this.root >>> SEGMENT_SHIFT][((this.root & OFFSET_MASK) << 1) + LAST]
  }

  next(node: Pointer): Pointer {
    return this.arena.i32[node >>> SEGMENT_SHIFT][((node & OFFSET_MASK) << 1) + NEXT]
  }

  previous(node: Pointer): Pointer {
    return this.arena.i32[node >>> SEGMENT_SHIFT][((node & OFFSET_MASK) << 1) + BACK]
  }

  score(node: Pointer): number {
    return this.arena.f64[node >>> SEGMENT_SHIFT][(node & OFFSET_MASK) + SCORE_UNIT]
  }

  /** The node of a rank, from 0 on. */
  at(rank: number): Pointer {
    if (rank >= this.count) return 0
    this.seekRank(rank)
    return this.following
  }

  /**
   * How many nodes are in front of one. Goes from it to the end by the highest link of each node, which compares nothing, and
   * takes the nodes passed over off the number of all.
   */
  rankOf(node: Pointer): number {
    const { i32 } = this.arena
    let behind = 0
    for (let at = node; at !== 0;) {
      const words = i32[at >>> SEGMENT_SHIFT]
      const base = (at & OFFSET_MASK) << 1
      const prefixWords = words[base] >>> HEADS_SHIFT
      if (prefixWords === PREFIX_WORDS) {
        at = words[base + NEXT]
        if (at !== 0) behind++
      } else {
        // The last two words of the prefix are the highest link, and its width.
        at = words[base + prefixWords - 1]
        behind += words[base + prefixWords]
      }
    }
    return this.count - 1 - behind
  }

  /** How many nodes have a lower score, or with `orEqual` none that is higher. */
  countBelow(score: number, orEqual: boolean): number {
    this.seekScore(score, orEqual)
    return this.ranks[0]
  }

  /** The last node that `countBelow` counts. */
  lastBelow(score: number, orEqual: boolean): Pointer {
    this.seekScore(score, orEqual)
    return this.leading
  }

  /** The node behind that. */
  firstAbove(score: number, butEqual: boolean): Pointer {
    this.seekScore(score, butEqual)
    return this.following
  }

  /** The last node whose member is lower, or with `orEqual` not higher; for nodes of one score. */
  lastBelowMember(bytes: Uint8Array, start: number, end: number, orEqual: boolean): Pointer {
    this.seekMember(bytes, start, end, orEqual)
    return this.leading
  }

  /** The node behind that. */
  firstAboveMember(bytes: Uint8Array, start: number, end: number, butEqual: boolean): Pointer {
    this.seekMember(bytes, start, end, butEqual)
    return this.following
  }

  // Changes.

  /**
   * Adds a member that `find` has just reported missing.
   *
   * @returns the node, or 0 without memory, and then nothing has changed
   */
  insert(bytes: Uint8Array, start: number, end: number, score: number): Pointer {
    const node = this.add(this.dict.hash, bytes, start, end, score)
    if (node === 0) return 0
    this.seek(score, bytes, start, end, 0)
    this.link(node)
    return node
  }

  /** The same for a member known to belong behind all others. Adding several so, and nothing else in between, spares the search. */
  append(bytes: Uint8Array, start: number, end: number, score: number): Pointer {
    const node = this.add(this.dict.hashOf(bytes, start, end), bytes, start, end, score)
    if (node !== 0) this.linkLast(node)
    return node
  }

  /** Adds a member to the dict alone: it has a score, but no place in the order until `order` is called. Otherwise as `insert`. */
  gather(bytes: Uint8Array, start: number, end: number, score: number): Pointer {
    return this.add(this.dict.hash, bytes, start, end, score)
  }

  /** Changes the score of a gathered member. */
  regather(node: Pointer, score: number): void {
    this.arena.f64[node >>> SEGMENT_SHIFT][(node & OFFSET_MASK) + SCORE_UNIT] = score
  }

  /** Takes a gathered member out and frees it. */
  ungather(node: Pointer): void {
    this.dict.remove(this.dict.hashOfElement(node), node)
    freeElement(this.arena, node)
  }

  /** Puts all gathered members in their order. */
  order(): void {
    assert(this.count === 0)
    const nodes: Pointer[] = []
    for (let index = 0; index < this.dict.bucketCount; index++) {
      nodes.length = 0
      this.dict.collectBucket(index, nodes)
      for (let i = 0; i < nodes.length; i++) this.relink(nodes[i])
    }
  }

  /** Gives a node another score, and the place that belongs to it. */
  setScore(node: Pointer, score: number): void {
    this.dict.elementChanging(node)
    const segment = node >>> SEGMENT_SHIFT
    const unit = node & OFFSET_MASK
    const previous = this.arena.i32[segment][(unit << 1) + BACK]
    const next = this.arena.i32[segment][(unit << 1) + NEXT]
    const stays = (previous === 0 || this.score(previous) < score) && (next === 0 || this.score(next) > score)
    if (stays) this.arena.f64[segment][unit + SCORE_UNIT] = score
    else this.move(node, score)
  }

  /** Takes a node out and frees it. */
  remove(node: Pointer): void {
    this.unlink(node)
    this.dict.remove(this.dict.hashOfElement(node), node)
    freeElement(this.arena, node)
  }

  /** Takes out up to `count` nodes, from one on, and frees them. */
  removeRun(node: Pointer, count: number): void {
    this.seekNode(node)
    let next = node
    for (let left = count; left > 0 && next !== 0; left--) {
      const gone = next
      next = this.next(gone)
      this.unlinkSought(gone)
      this.dict.remove(this.dict.hashOfElement(gone), gone)
      freeElement(this.arena, gone)
    }
  }

  // The whole.

  /** Frees about `nodesMax` nodes, and at the end the skiplist itself. In between it is good for nothing but this. */
  freeSome(nodesMax: number): boolean {
    if (!this.dict.freeSome(nodesMax, true)) return false
    this.arena.free(this.root)
    this.root = 0
    return true
  }

  free(): void {
    const isGone = this.freeSome(Infinity)
    assert(isGone)
  }

  /** Opens this on a copy of the skiplist it is open on; false without memory, and then nothing has changed. */
  duplicate(): boolean {
    const source = this.root
    let node = this.first
    if (!this.create()) return false
    for (; node !== 0; node = this.next(node)) {
      if (this.appendCopy(node)) continue
      this.free()
      this.open(source)
      return false
    }
    return true
  }

  /** Bytes of everything, the nodes estimated from so many. */
  memoryBytes(samples: number): number {
    let bytes = 0
    let sampled = 0
    for (let node = this.first; node !== 0 && sampled < samples; node = this.next(node), sampled++) {
      bytes += elementBytes(this.arena, node)
    }
    const nodeBytes = sampled === 0 ? 0 : Math.round((bytes / sampled) * this.count)
    return this.arena.usableBytes(this.root) + this.dict.tableBytes + nodeBytes
  }

  random(random: Random): Pointer {
    return this.dict.random(random)
  }

  /** Asserts every invariant: the order, links backwards, widths of links, the dict. */
  validate(): void {
    const nodes: Pointer[] = []
    for (let node = this.first, previous = 0; node !== 0; previous = node, node = this.next(node)) {
      assert(this.previous(node) === previous)
      this.validateOrder(previous, node)
      nodes.push(node)
    }
    assert(nodes.length === this.count)
    assert(this.last === (nodes[nodes.length - 1] ?? 0))
    assert(this.count === this.rootWord(COUNT))
    assert(this.dict.count === this.count)
    this.dict.validate()
    for (let level = 1; level < LEVELS_MAX; level++) this.validateLevel(level, nodes)
  }

  private validateOrder(previous: Pointer, node: Pointer): void {
    const { own } = this
    viewField(this.arena, node, own)
    assert(this.dict.find(own.bytes, own.start, own.end) === node)
    assert(this.levelsOf(node) === levelsFor(this.dict.hash))
    if (previous === 0 || this.score(previous) < this.score(node)) return
    assert(this.score(previous) === this.score(node))
    assert(compareField(this.arena, previous, own.bytes, own.start, own.end) < 0)
  }

  private validateLevel(level: number, nodes: readonly Pointer[]): void {
    const link = LINKS + level * LEVEL_WORDS
    let from = this.root
    let rank = 0
    if (level >= this.levels) return
    for (let i = 0; i < nodes.length; i++) {
      if (this.levelsOf(nodes[i]) <= level) continue
      assert(this.word(from, link) === nodes[i])
      assert(this.word(from, link + 1) === i + 1 - rank)
      from = nodes[i]
      rank = i + 1
    }
    assert(this.word(from, link) === 0)
    assert(this.word(from, link + 1) === nodes.length - rank)
    assert(level < this.levels - 1 || this.rootWord(link) !== 0 || this.levels === 1)
  }

  private levelsOf(node: Pointer): number {
    return ((this.word(node, 0) >>> HEADS_SHIFT) - PREFIX_WORDS) / LEVEL_WORDS + 1
  }

  private word(block: Pointer, word: number): number {
    return this.arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + word]
  }

  private rootWord(word: number): number {
    return this.arena.i32[this.root >>> SEGMENT_SHIFT][((this.root & OFFSET_MASK) << 1) + word]
  }

  private setRootWord(word: number, value: number): void {
    this.arena.i32[this.root >>> SEGMENT_SHIFT][((this.root & OFFSET_MASK) << 1) + word] = value
  }

  /** The node in front of the place sought. */
  private get leading(): Pointer {
    const node = this.before[0]
    return node === this.root ? 0 : node
  }

  /** The node behind the place sought. */
  private get following(): Pointer {
    return this.next(this.before[0])
  }

  /** Makes a node for a member that is missing and puts it into the dict; 0 without memory. */
  private add(hash: number, bytes: Uint8Array, start: number, end: number, score: number): Pointer {
    const prefixWords = PREFIX_WORDS + (levelsFor(hash) - 1) * LEVEL_WORDS
    const node = newElement(this.arena, bytes, start, end, NOTHING, 0, 0, prefixWords)
    if (node === 0) return 0
    this.arena.f64[node >>> SEGMENT_SHIFT][(node & OFFSET_MASK) + SCORE_UNIT] = score
    if (this.dict.insert(hash, node)) return node
    freeElement(this.arena, node)
    return 0
  }

  private appendCopy(node: Pointer): boolean {
    const copied = copyElement(this.arena, node)
    if (copied === 0) return false
    if (this.dict.insert(this.dict.hashOfElement(copied), copied)) {
      this.linkLast(copied)
      return true
    }
    freeElement(this.arena, copied)
    return false
  }

  // Search. Each of these leaves `before` and `ranks` for all levels in use.

  /** Finds the place of a member with a score; with `stop`, the node that has both, without looking at it. */
  private seek(score: number, bytes: Uint8Array, start: number, end: number, stop: Pointer): void {
    this.descend(score, bytes, start, end, stop, this.levels - 1, this.root, 0)
  }

  /** The same from a level down, where the place is behind the node `from` of a rank. */
  private descend(
    score: number, bytes: Uint8Array, start: number, end: number, stop: Pointer,
    fromLevel: number, from: Pointer, rank: number,
  ): void {
    const { arena, before, ranks } = this
    const { f64, i32 } = arena
    // Most nodes lie in the segment of the one before them, whose views are at hand.
    let segment = from >>> SEGMENT_SHIFT
    let words = i32[segment]
    let scores = f64[segment]
    let base = (from & OFFSET_MASK) << 1
    // What has been found to lie behind the place is met again on the levels below.
    let beyond = stop
    for (let level = fromLevel; level >= 0; level--) {
      const link = level === 0 ? NEXT : LINKS + (level << 1)
      for (;;) {
        const next = words[base + link]
        if (next === beyond || next === 0) break
        const nextSegment = next >>> SEGMENT_SHIFT
        const unit = next & OFFSET_MASK
        const nextScore = (nextSegment === segment ? scores : f64[nextSegment])[unit + SCORE_UNIT]
        if (nextScore > score || (nextScore === score && compareField(arena, next, bytes, start, end) >= 0)) {
          beyond = next
          break
        }
        rank += level === 0 ? 1 : words[base + link + 1]
        from = next
        base = unit << 1
        if (nextSegment === segment) continue
        segment = nextSegment
        words = i32[segment]
        scores = f64[segment]
      }
      before[level] = from
      ranks[level] = rank
    }
  } // prettier-ignore

  /**
   * Finds another place for what was taken out at the place sought. On the upper levels both are between the same nodes, often:
   * the search begins below.
   */
  private seekAgain(oldScore: number, score: number, bytes: Uint8Array, start: number, end: number): void {
    const { before, ranks, root } = this
    const isUp = score > oldScore
    let level = this.levels - 1
    for (; level >= 0; level--) {
      const from = before[level]
      if (isUp) {
        const next = this.word(from, level === 0 ? NEXT : LINKS + (level << 1))
        if (next !== 0 && this.isInFront(next, score, bytes, start, end)) break
      } else if (from !== root && !this.isInFront(from, score, bytes, start, end)) break
    }
    if (level < 0) return
    const above = isUp ? level : level + 1
    const isTop = above === this.levels
    this.descend(score, bytes, start, end, 0, level, isTop ? root : before[above], isTop ? 0 : ranks[above])
  }

  /** Whether a node belongs in front of a member with a score. */
  private isInFront(node: Pointer, score: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.score(node)
    return own < score || (own === score && compareField(this.arena, node, bytes, start, end) < 0)
  }

  /** Finds the place of a node. */
  private seekNode(node: Pointer): void {
    const { own } = this
    if (this.previous(node) === 0) return this.seekStart()
    viewField(this.arena, node, own)
    this.seek(this.score(node), own.bytes, own.start, own.end, node)
  }

  private seekStart(): void {
    const { before, levels, ranks, root } = this
    for (let level = 0; level < levels; level++) {
      before[level] = root
      ranks[level] = 0
    }
  }

  /** Finds the first place behind all lower scores, and with `orEqual` behind those that are equal, too. */
  private seekScore(score: number, orEqual: boolean): void {
    const { before, ranks, root } = this
    const { f64, i32 } = this.arena
    let segment = root >>> SEGMENT_SHIFT
    let words = i32[segment]
    let scores = f64[segment]
    let from = root
    let base = (from & OFFSET_MASK) << 1
    let rank = 0
    let beyond = 0
    for (let level = this.levels - 1; level >= 0; level--) {
      const link = level === 0 ? NEXT : LINKS + (level << 1)
      for (;;) {
        const next = words[base + link]
        if (next === beyond) break
        const nextSegment = next >>> SEGMENT_SHIFT
        const unit = next & OFFSET_MASK
        const nextScore = (nextSegment === segment ? scores : f64[nextSegment])[unit + SCORE_UNIT]
        if (orEqual ? nextScore > score : nextScore >= score) {
          beyond = next
          break
        }
        rank += level === 0 ? 1 : words[base + link + 1]
        from = next
        base = unit << 1
        if (nextSegment === segment) continue
        segment = nextSegment
        words = i32[segment]
        scores = f64[segment]
      }
      before[level] = from
      ranks[level] = rank
    }
  }

  /** The same by members. */
  private seekMember(bytes: Uint8Array, start: number, end: number, orEqual: boolean): void {
    const { arena, before, ranks } = this
    const limit = orEqual ? 0 : -1
    let from = this.root
    let rank = 0
    let beyond = 0
    for (let level = this.levels - 1; level >= 0; level--) {
      const link = level === 0 ? NEXT : LINKS + (level << 1)
      for (;;) {
        const next = this.word(from, link)
        if (next === beyond) break
        if (compareField(arena, next, bytes, start, end) > limit) {
          beyond = next
          break
        }
        rank += level === 0 ? 1 : this.word(from, link + 1)
        from = next
      }
      before[level] = from
      ranks[level] = rank
    }
  }

  /** Finds the place in front of the node of a rank. */
  private seekRank(wanted: number): void {
    const { before, ranks } = this
    let from = this.root
    let rank = 0
    for (let level = this.levels - 1; level >= 0; level--) {
      const link = level === 0 ? NEXT : LINKS + (level << 1)
      for (;;) {
        const width = level === 0 ? 1 : this.word(from, link + 1)
        const next = this.word(from, link)
        if (next === 0 || rank + width > wanted) break
        rank += width
        from = next
      }
      before[level] = from
      ranks[level] = rank
    }
  }

  // Links.

  /** Takes a node to the place that belongs to another score. */
  private move(node: Pointer, score: number): void {
    const { own } = this
    const old = this.score(node)
    viewField(this.arena, node, own)
    this.seek(old, own.bytes, own.start, own.end, node)
    this.unlinkSought(node)
    this.arena.f64[node >>> SEGMENT_SHIFT][(node & OFFSET_MASK) + SCORE_UNIT] = score
    this.seekAgain(old, score, own.bytes, own.start, own.end)
    this.link(node)
  }

  /** Links a node in that has a score and a member, but is nowhere. */
  private relink(node: Pointer): void {
    const { own } = this
    viewField(this.arena, node, own)
    this.seek(this.score(node), own.bytes, own.start, own.end, 0)
    this.link(node)
  }

  /** Links a node in at the place sought. */
  private link(node: Pointer): void {
    const { i32 } = this.arena
    const { before, ranks } = this
    const words = i32[node >>> SEGMENT_SHIFT]
    const base = (node & OFFSET_MASK) << 1
    const levels = ((words[base] >>> HEADS_SHIFT) - PREFIX_WORDS) / LEVEL_WORDS + 1
    if (levels > this.levels) this.raise(levels)
    const rank = ranks[0]
    for (let level = 1; level < levels; level++) {
      const link = LINKS + (level << 1)
      const from = before[level]
      const fromWords = i32[from >>> SEGMENT_SHIFT]
      const at = ((from & OFFSET_MASK) << 1) + link
      const width = rank - ranks[level]
      words[base + link] = fromWords[at]
      words[base + link + 1] = fromWords[at + 1] - width
      fromWords[at] = node
      fromWords[at + 1] = width + 1
    }
    for (let level = levels; level < this.levels; level++) {
      const from = before[level]
      i32[from >>> SEGMENT_SHIFT][((from & OFFSET_MASK) << 1) + LINKS + (level << 1) + 1]++
    }
    this.linkLowest(node, words, base)
    this.setCount(this.count + 1)
  }

  private linkLowest(node: Pointer, words: Int32Array, base: number): void {
    const { i32 } = this.arena
    const from = this.before[0]
    const fromWords = i32[from >>> SEGMENT_SHIFT]
    const at = ((from & OFFSET_MASK) << 1) + NEXT
    const next = fromWords[at]
    fromWords[at] = node
    words[base + NEXT] = next
    words[base + BACK] = from === this.root ? 0 : from
    if (next === 0) this.setRootWord(LAST, node)
    else i32[next >>> SEGMENT_SHIFT][((next & OFFSET_MASK) << 1) + BACK] = node
  }

  /** Takes higher levels into use, for a node whose place has been sought. */
  private raise(levels: number): void {
    for (let level = this.levels; level < levels; level++) {
      this.before[level] = this.root
      this.ranks[level] = 0
      this.setRootWord(LINKS + (level << 1), 0)
      this.setRootWord(LINKS + (level << 1) + 1, this.count)
    }
    this.setLevels(levels)
  }

  /** Links a node in behind all others. */
  private linkLast(node: Pointer): void {
    const { before, count, ranks } = this
    if (count === 0) this.seekStart()
    ranks[0] = count
    this.link(node)
    const levels = this.levelsOf(node)
    for (let level = 0; level < levels; level++) {
      before[level] = node
      ranks[level] = this.count
    }
  }

  /** Takes a node out of the order. */
  private unlink(node: Pointer): void {
    this.seekNode(node)
    this.unlinkSought(node)
  }

  /** The same for the node behind the place sought, where the next one may be taken out as well then. */
  private unlinkSought(node: Pointer): void {
    const { i32 } = this.arena
    const { before } = this
    const words = i32[node >>> SEGMENT_SHIFT]
    const base = (node & OFFSET_MASK) << 1
    for (let level = this.levels - 1; level > 0; level--) {
      const link = LINKS + (level << 1)
      const from = before[level]
      const fromWords = i32[from >>> SEGMENT_SHIFT]
      const at = ((from & OFFSET_MASK) << 1) + link
      if (fromWords[at] === node) {
        fromWords[at] = words[base + link]
        fromWords[at + 1] += words[base + link + 1]
      }
      fromWords[at + 1]--
    }
    const from = before[0]
    const next = words[base + NEXT]
    i32[from >>> SEGMENT_SHIFT][((from & OFFSET_MASK) << 1) + NEXT] = next
    if (next === 0) this.setRootWord(LAST, from === this.root ? 0 : from)
    else i32[next >>> SEGMENT_SHIFT][((next & OFFSET_MASK) << 1) + BACK] = words[base + BACK]
    this.setCount(this.count - 1)
    let levels = this.levels
    while (levels > 1 && this.rootWord(LINKS + ((levels - 1) << 1)) === 0) levels--
    if (levels !== this.levels) this.setLevels(levels)
  }

  private setCount(count: number): void {
    this.count = count
    this.setRootWord(COUNT, count)
  }

  private setLevels(levels: number): void {
    this.levels = levels
    this.setRootWord(LEVELS, levels)
  }
}

/** The levels of a node, by the hash of its member. */
function levelsFor(hash: number): number {
  const levels = 1 + (Math.clz32(Math.imul(hash, GOLDEN_RATIO)) >>> 1)
  return levels < LEVELS_MAX ? levels : LEVELS_MAX
}
