/**
 * Sorted sets: their limits, and the views through which commands see them.
 *
 * A sorted set is a listpack of members and scores in turn, in their order, while it is small; otherwise a skiplist. What commands add
 * to turns to a skiplist and never back; what they compute is stored as whatever fits.
 */

import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { duplicate as duplicateListpack } from '../../structures/listpack-edit.js'
import { Skiplist } from '../../structures/skiplist.js'
import { Encoding } from '../entry.js'
import type { Keyspace, ValueOwner } from '../keyspace.js'
import { ZsetView } from './zset-view.js'

/** One for a key space; also answers it about the values of sorted sets. */
export class ZsetType implements ValueOwner {
  readonly keyspace: Keyspace
  /** Limits; see the configuration. */
  listpackEntriesMax: number
  listpackValueMax: number
  /** For the sorted set a command is about. */
  readonly view: ZsetView
  /** For a second one, which is built. */
  readonly target: ZsetView
  private readonly views: ZsetView[]
  private readonly arena: Arena
  private readonly skiplist: Skiplist

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace
    this.listpackEntriesMax = 128
    this.listpackValueMax = 64
    this.arena = keyspace.arena
    this.skiplist = new Skiplist(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.view = new ZsetView(this)
    this.target = new ZsetView(this)
    this.views = []
  }

  /** One of many views, for commands over many sorted sets. */
  viewAt(index: number): ZsetView {
    while (this.views.length <= index) this.views.push(new ZsetView(this))
    return this.views[index]!
  }

  effort(value: Pointer, encoding: Encoding): number {
    if (encoding !== Encoding.skiplist) return 1
    this.skiplist.open(value)
    return this.skiplist.dict.count
  }

  free(value: Pointer, encoding: Encoding): void {
    if (encoding !== Encoding.skiplist) return this.arena.free(value)
    this.skiplist.open(value)
    this.skiplist.free()
  }

  freeSome(value: Pointer, encoding: Encoding, elementsMax: number): Pointer {
    if (encoding !== Encoding.skiplist) {
      this.arena.free(value)
      return 0
    }
    this.skiplist.open(value)
    return this.skiplist.freeSome(elementsMax) ? 0 : value
  }

  duplicate(value: Pointer, encoding: Encoding): Pointer {
    if (encoding !== Encoding.skiplist) return duplicateListpack(this.arena, value)
    this.skiplist.open(value)
    return this.skiplist.duplicate() ? this.skiplist.root : 0
  }

  memoryBytes(value: Pointer, samples: number, encoding: Encoding): number {
    if (encoding !== Encoding.skiplist) return this.arena.usableBytes(value)
    this.skiplist.open(value)
    return this.skiplist.memoryBytes(samples)
  }
}
