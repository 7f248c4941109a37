/**
 * A binary min-heap of values by numeric key, for time events and time-outs.
 *
 * Values of equal keys come out in the order they were put in. `push` returns the entry itself as a handle, which knows
 * its place in the heap, so that removing or moving it costs O(log N) without a search.
 */

import { assert } from './assert.js'

export interface HeapEntry<T> {
  readonly key: number
  readonly value: T
}

/** The mutable side of an entry; its identity is the handle. */
class Entry<T> implements HeapEntry<T> {
  key: number
  /** Breaks ties: rises with each push. */
  order: number
  /** Place in the heap's array, -1 once taken out. */
  index: number
  readonly value: T

  constructor(key: number, order: number, index: number, value: T) {
    this.key = key
    this.order = order
    this.index = index
    this.value = value
  }
}

export class MinHeap<T> {
  /** Children of i at 2i + 1 and 2i + 2, none before its parent. */
  private readonly entries: Entry<T>[]
  private nextOrder: number

  constructor() {
    this.entries = []
    this.nextOrder = 0
  }

  get size(): number {
    return this.entries.length
  }

  /** The least key, Infinity when empty. */
  get leastKey(): number {
    return this.entries.length > 0 ? this.entries[0].key : Infinity
  }

  /** @returns the handle for `remove` and `move` */
  push(key: number, value: T): HeapEntry<T> {
    assert(!Number.isNaN(key))
    const entry = new Entry(key, this.nextOrder++, this.entries.length, value)
    this.entries.push(entry)
    this.siftUp(entry)
    return entry
  }

  peek(): HeapEntry<T> | undefined {
    return this.entries[0]
  }

  /** Takes out the entry with the least key. */
  pop(): HeapEntry<T> | undefined {
    const first = this.entries[0]
    if (first !== undefined) this.takeOut(first)
    return first
  }

  /** @returns false when the entry is no longer in the heap */
  remove(handle: HeapEntry<T>): boolean {
    const entry = handle as Entry<T>
    if (entry.index < 0) return false
    this.takeOut(entry)
    return true
  }

  /** Gives an entry of this heap another key; among equals it comes last, as if pushed anew. */
  move(handle: HeapEntry<T>, key: number): void {
    assert(!Number.isNaN(key))
    const entry = handle as Entry<T>
    assert(this.entries[entry.index] === entry)
    entry.key = key
    entry.order = this.nextOrder++
    this.siftUp(entry)
    this.siftDown(entry)
  }

  clear(): void {
    for (const entry of this.entries) entry.index = -1
    this.entries.length = 0
  }

  /** @throws AssertionError when the heap is not in order */
  validate(): void {
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i]
      assert(entry.index === i)
      if (i > 0) assert(!isBefore(entry, this.entries[(i - 1) >> 1]))
    }
  }

  private takeOut(entry: Entry<T>): void {
    assert(this.entries[entry.index] === entry)
    const last = this.entries.pop() as Entry<T>
    if (last !== entry) {
      this.place(last, entry.index)
      this.siftUp(last)
      this.siftDown(last)
    }
    entry.index = -1
  }

  private siftUp(entry: Entry<T>): void {
    while (entry.index > 0) {
      const index = entry.index
      const parent = this.entries[(index - 1) >> 1]
      if (!isBefore(entry, parent)) return
      this.place(entry, parent.index)
      this.place(parent, index)
    }
  }

  private siftDown(entry: Entry<T>): void {
    for (;;) {
      const index = entry.index
      let child = 2 * index + 1
      if (child >= this.entries.length) return
      if (child + 1 < this.entries.length && isBefore(this.entries[child + 1], this.entries[child])) child++
      const least = this.entries[child]
      if (!isBefore(least, entry)) return
      this.place(entry, child)
      this.place(least, index)
    }
  }

  private place(entry: Entry<T>, index: number): void {
    this.entries[index] = entry
    entry.index = index
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.key < b.key || (a.key === b.key && a.order < b.order)
}
