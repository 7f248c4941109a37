/** Which of so many buckets have been seen. */

export class MarkSet {
  readonly count: number
  private readonly words: Int32Array

  constructor(count: number) {
    this.count = count
    this.words = new Int32Array((count + 31) >>> 5)
  }

  /** Marks a bucket; false when it was marked, or when there is no such. */
  add(bucket: number): boolean {
    if (bucket >= this.count) return false
    const bit = 1 << (bucket & 31)
    const word = this.words[bucket >>> 5]!
    if ((word & bit) !== 0) return false
    this.words[bucket >>> 5] = word | bit
    return true
  }

  /** The first bucket from `from` on that is not marked; `count` when there is none. */
  firstFree(from: number): number {
    let at = from
    while (at < this.count) {
      const word = this.words[at >>> 5]! >>> (at & 31)
      if (word === -1 >>> (at & 31)) at = (at | 31) + 1
      else {
        const free = at + 31 - Math.clz32(~word & -~word)
        return free < this.count ? free : this.count
      }
    }
    return this.count
  }
}
