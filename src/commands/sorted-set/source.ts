/** A set or a sorted set as input of ZUNION and its kin; the members of a set have the score 1. */

import type { SetView } from '../../keyspace/types/set-view.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import type { ListpackElement } from '../../structures/listpack.js'

const NO_VALUE = 0

export class Source {
  weight: number
  readonly size: number
  private readonly zset: ZsetView | undefined
  private readonly set: SetView | undefined
  private isAtStart: boolean

  /** Neither of the two stands for a missing key. */
  constructor(zset: ZsetView | undefined, set: SetView | undefined) {
    this.weight = 1
    this.size = zset?.size ?? set?.size ?? 0
    this.zset = zset
    this.set = set
    this.isAtStart = true
  }

  isSameAs(other: Source): boolean {
    return this.value === other.value
  }

  private get value(): number {
    return this.zset?.value ?? this.set?.value ?? NO_VALUE
  }

  /** Begins a walk over all members; nothing may change under way. */
  rewind(): void {
    this.isAtStart = true
    this.set?.rewind()
  }

  /** Goes to the next member; false when there is none. */
  next(): boolean {
    const { set, zset } = this
    if (set !== undefined) return set.next()
    if (zset === undefined) return false
    if (!this.isAtStart) return zset.next()
    this.isAtStart = false
    return zset.toFirst()
  }

  /** The member to which `next` went, as bytes. */
  get member(): ListpackElement {
    const { member } = this.zset ?? this.set!
    if (member.isInteger) member.spellInteger()
    return member
  }

  /** The score of that member, before it is weighed. */
  get score(): number {
    return this.zset?.score ?? 1
  }

  /** The score of any member, before it is weighed; NaN when there is no such. Not during a walk over this. */
  scoreOf({ bytes, end, start }: ListpackElement): number {
    const { set, zset } = this
    if (zset !== undefined) return zset.find(bytes, start, end) ? zset.score : NaN
    return set !== undefined && set.has(bytes, start, end) ? 1 : NaN
  }
}
