/**
 * A set, hash or sorted set that is a dict. Its units are the buckets that the table had at the cut: one that has not been saved
 * holds the same elements as then, for before a bucket is changed, divided or joined it is saved.
 */

import type { Pointer } from '../../memory/pointer.js'
import type { Dict } from '../../structures/dict.js'
import type { LargeKey } from './consumer.js'
import { FrozenValue, type WalkContext } from './frozen-value.js'
import { MarkSet } from './mark-set.js'
import type { SideBuffer } from './side-store.js'

export class FrozenDict extends FrozenValue {
  private readonly dict: Dict
  private readonly saved: MarkSet
  private readonly batch: Pointer[]
  private cursor: number
  private copied: number
  /** The buffer at the side has been copied; what is saved from now on goes to the output. */
  private isWalking: boolean

  /** @param dict  a view for this object alone, open on the dict */
  constructor(context: WalkContext, large: LargeKey, dict: Dict, side: SideBuffer) {
    super(context, large, dict.root, side)
    this.dict = dict
    this.saved = new MarkSet(dict.bucketCount)
    this.batch = []
    this.cursor = 0
    this.copied = 0
    this.isWalking = false
    dict.setMarked(true)
  }

  changing(bucket: number): void {
    if (!this.saved.add(bucket)) return
    this.collect(bucket)
    if (this.batch.length === 0) return
    if (this.isWalking) return this.show()
    this.context.turnTo(this.side)
    this.show()
    this.context.turnBack()
  }

  step(): boolean {
    if (!this.isWalking) {
      if (this.copied < this.side.length) this.copied = this.copySide(this.copied, this.side.length)
      else this.isWalking = true
      return true
    }
    this.batch.length = 0
    this.dict.open(this.root)
    while (this.batch.length < this.context.stepEntries) {
      this.cursor = this.saved.firstFree(this.cursor)
      if (this.cursor === this.saved.count) break
      this.saved.add(this.cursor)
      this.dict.collectBucket(this.cursor, this.batch)
    }
    if (this.batch.length !== 0) {
      this.dict.fetchAll(this.batch)
      this.show()
    }
    return this.cursor < this.saved.count
  }

  override release(): void {
    this.dict.open(this.root)
    this.dict.setMarked(false)
    super.release()
  }

  private collect(bucket: number): void {
    this.batch.length = 0
    this.dict.open(this.root)
    this.dict.collectBucket(bucket, this.batch)
  }

  private show(): void {
    this.context.consumer.elements(this.large, this.batch)
  }
}
