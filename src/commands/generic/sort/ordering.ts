/**
 * Orders numbered things by a key each, and where keys are equal by a text each: SORT's two ways of sorting.
 *
 * `sortAll` is stable: a radix sort of the keys, eleven bits at a time from the lowest, and then a merge sort by text of those with
 * one key; few things are merge sorted at once. `sortRange` brings only a range of places into order; it is the quicksort of Bentley and
 * McIlroy ("Engineering a Sort Function", 1993), with their choice of pivots, and leaves out what does not touch the range.
 * The reference uses the same for BY with LIMIT: where two elements are equal, which of them comes first follows from its
 * steps, so these are kept. Keys and numbers lie side by side in typed arrays and move together.
 */

import { RadixSort } from './radix-sort.js'
import { allocated, compareTexts, type Texts } from './texts.js'

const RUN = 12
/** So many things are worth the tables of a radix sort. */
const RADIX_MIN = 128
const INSERTION_MAX = 6
const MEDIAN_OF_THREE_MIN = 8
const NINTHER_MIN = 41
const INITIAL_COUNT = 256
const KEPT_COUNT_MAX = 1 << 16

export class Ordering {
  /** The key at each place. */
  keys: Float64Array
  /** Which thing stands at each place. */
  order: Int32Array
  private otherKeys: Float64Array
  private otherOrder: Int32Array
  private texts: Texts | undefined
  private sign: number
  private endsAtNul: boolean
  /** Equal things keep their order in `sortRange`, too. */
  private isStable: boolean
  /** What the last `partition` found to be above the pivot. */
  private aboveCount: number

  constructor() {
    this.keys = new Float64Array(INITIAL_COUNT)
    this.order = new Int32Array(INITIAL_COUNT)
    this.otherKeys = new Float64Array(0)
    this.otherOrder = new Int32Array(0)
    this.texts = undefined
    this.sign = 1
    this.endsAtNul = false
    this.isStable = false
    this.aboveCount = 0
  }

  /** Makes room for so many things, each in its own place; false without memory. */
  begin(count: number): boolean {
    if (count > this.order.length) {
      const keys = allocated(() => new Float64Array(count))
      const order = allocated(() => new Int32Array(count))
      if (keys === undefined || order === undefined) return false
      this.keys = keys
      this.order = order
    }
    for (let i = 0; i < count; i++) this.order[i] = i
    return true
  }

  /**
   * How to compare.
   *
   * @param texts      decide between equal keys; text i belongs to thing i
   * @param descends   turns the order of keys and texts around, by negating the keys, of which there are `count`
   * @param endsAtNul  see `compareTexts`
   */
  compareBy(texts: Texts, count: number, descends: boolean, endsAtNul: boolean, isStable: boolean): void {
    this.texts = texts
    this.sign = descends ? -1 : 1
    this.endsAtNul = endsAtNul
    this.isStable = isStable
    if (descends) for (let i = 0; i < count; i++) this.keys[i] = -this.keys[i]!
  }

  /** Lets large arrays go. */
  end(): void {
    this.texts = undefined
    if (this.order.length > KEPT_COUNT_MAX) {
      this.keys = new Float64Array(INITIAL_COUNT)
      this.order = new Int32Array(INITIAL_COUNT)
    }
    this.otherKeys = new Float64Array(0)
    this.otherOrder = new Int32Array(0)
  }

  /** Orders all; false without memory, and then nothing has changed. */
  sortAll(count: number): boolean {
    if (count > RUN && !this.openOther(count)) return false
    if (count < RADIX_MIN || !this.sortKeys(count)) this.mergeSort(0, count)
    else this.sortEqual(count)
    return true
  }

  /** Orders so far that the places from `first` to `last` hold what they would hold with all in order. */
  sortRange(count: number, first: number, last: number): void {
    if (last >= first) this.quicksort(0, count, first, last)
  }

  private openOther(count: number): boolean {
    const keys = allocated(() => new Float64Array(Math.max(count, this.keys.length)))
    const order = allocated(() => new Int32Array(Math.max(count, this.order.length)))
    if (keys === undefined || order === undefined) return false
    this.otherKeys = keys
    this.otherOrder = order
    return true
  }

  /** Orders by key alone; false without memory, and then nothing has changed. */
  private sortKeys(count: number): boolean {
    const { keys, order, otherKeys } = this
    const sorted = allocated(() => new RadixSort(count))
    if (sorted === undefined) return false
    sorted.run(keys, count, order)
    for (let i = 0; i < count; i++) otherKeys[i] = keys[order[i]!]!
    this.keys = otherKeys
    this.otherKeys = keys
    return true
  }

  /** Orders those with equal keys, which stand side by side, by text. */
  private sortEqual(count: number): void {
    const { keys } = this
    for (let start = 0, end = 1; start < count; start = end++) {
      while (end < count && keys[end] === keys[start]) end++
      if (end - start > 1) this.mergeSort(start, end)
    }
  }

  private mergeSort(start: number, end: number): void {
    for (let run = start; run < end; run += RUN) this.sortRun(run, Math.min(run + RUN, end))
    let isInOther = false
    for (let width = RUN; width < end - start; width *= 2) {
      for (let left = start; left < end; left += width * 2) {
        this.merge(left, Math.min(left + width, end), Math.min(left + width * 2, end), isInOther)
      }
      isInOther = !isInOther
    }
    if (!isInOther) return
    this.keys.set(this.otherKeys.subarray(start, end), start)
    this.order.set(this.otherOrder.subarray(start, end), start)
  }

  /** By insertion; stable. */
  private sortRun(start: number, end: number): void {
    const { keys, order } = this
    for (let i = start + 1; i < end; i++) {
      const key = keys[i]!
      const thing = order[i]!
      let at = i
      for (; at > start && this.isAfter(keys[at - 1]!, order[at - 1]!, key, thing); at--) {
        keys[at] = keys[at - 1]!
        order[at] = order[at - 1]!
      }
      keys[at] = key
      order[at] = thing
    }
  }

  /** Merges [start, middle) and [middle, end) into the other arrays, or from those back. */
  private merge(start: number, middle: number, end: number, isInOther: boolean): void {
    const keys = isInOther ? this.otherKeys : this.keys
    const order = isInOther ? this.otherOrder : this.order
    const otherKeys = isInOther ? this.keys : this.otherKeys
    const otherOrder = isInOther ? this.order : this.otherOrder
    let left = start
    let right = middle
    let at = start
    if (right < end && this.isAfter(keys[middle - 1]!, order[middle - 1]!, keys[right]!, order[right]!)) {
      while (left < middle && right < end) {
        const isRight = this.isAfter(keys[left]!, order[left]!, keys[right]!, order[right]!)
        const from = isRight ? right++ : left++
        otherKeys[at] = keys[from]!
        otherOrder[at++] = order[from]!
      }
    }
    while (left < middle) {
      otherKeys[at] = keys[left]!
      otherOrder[at++] = order[left++]!
    }
    while (right < end) {
      otherKeys[at] = keys[right]!
      otherOrder[at++] = order[right++]!
    }
  }

  private isAfter(keyA: number, a: number, keyB: number, b: number): boolean {
    if (keyA !== keyB) return keyA > keyB
    return compareTexts(this.texts!, a, b, this.endsAtNul) * this.sign > 0
  }

  /** Compares what stands at two places. */
  private compare(p: number, q: number): number {
    const { keys, order } = this
    const difference = keys[p]! - keys[q]!
    if (difference < 0) return -1
    if (difference > 0) return 1
    // Infinities differ by NaN.
    if (keys[p] !== keys[q]) return keys[p]! < keys[q]! ? -1 : 1
    const byText = compareTexts(this.texts!, order[p]!, order[q]!, this.endsAtNul) * this.sign
    return byText === 0 && this.isStable ? order[p]! - order[q]! : byText
  }

  private swap(p: number, q: number): void {
    const { keys, order } = this
    const key = keys[p]!
    const thing = order[p]!
    keys[p] = keys[q]!
    order[p] = order[q]!
    keys[q] = key
    order[q] = thing
  }

  private swapMany(p: number, q: number, count: number): void {
    for (let i = 0; i < count; i++) this.swap(p + i, q + i)
  }

  private quicksort(start: number, end: number, first: number, last: number): void {
    for (;;) {
      const count = end - start
      if (count <= INSERTION_MAX) return this.insert(start, end)
      this.swap(start, this.pivot(start, count))
      const below = this.partition(start, end)
      const above = this.aboveCount
      const leftEnd = start + below
      const rightStart = end - above
      const wantsLeft = below > 1 && first < leftEnd && last >= start
      const wantsRight = above > 1 && first < end && last >= rightStart
      // The smaller part by recursion: its depth stays logarithmic. Which part is first makes no difference.
      if (wantsLeft && wantsRight) {
        if (below < above) this.quicksort(start, leftEnd, first, last)
        else this.quicksort(rightStart, end, first, last)
        if (below < above) start = rightStart
        else end = leftEnd
      } else if (wantsLeft) end = leftEnd
      else if (wantsRight) start = rightStart
      else return
    }
  }

  private insert(start: number, end: number): void {
    for (let i = start + 1; i < end; i++) {
      for (let at = i; at > start && this.compare(at - 1, at) > 0; at--) this.swap(at, at - 1)
    }
  }

  private pivot(start: number, count: number): number {
    const middle = start + (count >>> 1)
    if (count < MEDIAN_OF_THREE_MIN) return middle
    const last = start + count - 1
    if (count < NINTHER_MIN) return this.median(start, middle, last)
    const step = count >>> 3
    const low = this.median(start, start + step, start + 2 * step)
    const mid = this.median(middle - step, middle, middle + step)
    const high = this.median(last - 2 * step, last - step, last)
    return this.median(low, mid, high)
  }

  private median(a: number, b: number, c: number): number {
    if (this.compare(a, b) < 0) {
      if (this.compare(b, c) < 0) return b
      return this.compare(a, c) < 0 ? c : a
    }
    if (this.compare(b, c) > 0) return b
    return this.compare(a, c) < 0 ? a : c
  }

  /**
   * Splits by the pivot, which stands first: what equals it gathers at both ends and is moved to the middle afterwards.
   *
   * @returns how many are below the pivot; `aboveCount` says how many are above
   */
  private partition(start: number, end: number): number {
    let equalLow = start + 1
    let low = start + 1
    let high = end - 1
    let equalHigh = end - 1
    for (;;) {
      for (let sign; low <= high && (sign = this.compare(low, start)) <= 0; low++) {
        if (sign === 0) this.swap(equalLow++, low)
      }
      for (let sign; low <= high && (sign = this.compare(high, start)) >= 0; high--) {
        if (sign === 0) this.swap(high, equalHigh--)
      }
      if (low > high) break
      this.swap(low++, high--)
    }
    const below = low - equalLow
    const above = equalHigh - high
    const moveLow = Math.min(equalLow - start, below)
    this.swapMany(start, low - moveLow, moveLow)
    const moveHigh = Math.min(above, end - equalHigh - 1)
    this.swapMany(low, end - moveHigh, moveHigh)
    this.aboveCount = above
    return below
  }
}
