/** What the keyspace asks about values that are one compact block (intset, listpack) or a dict: sets and hashes. */

import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { Dict } from '../../structures/dict.js'
import { copyIntset } from '../../structures/intset.js'
import { duplicate as duplicateListpack } from '../../structures/listpack-edit.js'
import { Encoding } from '../entry.js'
import type { Keyspace, ValueOwner } from '../keyspace.js'

export class CollectionOwner implements ValueOwner {
  readonly keyspace: Keyspace
  protected readonly arena: Arena
  protected readonly dict: Dict

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace
    this.arena = keyspace.arena
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
  }

  effort(value: Pointer, encoding: Encoding): number {
    if (encoding !== Encoding.hashtable) return 1
    this.dict.open(value)
    return this.dict.count
  }

  free(value: Pointer, encoding: Encoding): void {
    if (encoding !== Encoding.hashtable) return this.arena.free(value)
    this.dict.open(value)
    this.dict.free(true)
  }

  freeSome(value: Pointer, encoding: Encoding, elementsMax: number): Pointer {
    if (encoding !== Encoding.hashtable) {
      this.arena.free(value)
      return 0
    }
    this.dict.open(value)
    return this.dict.freeSome(elementsMax, true) ? 0 : value
  }

  duplicate(value: Pointer, encoding: Encoding): Pointer {
    if (encoding === Encoding.intset) return copyIntset(this.arena, value)
    if (encoding === Encoding.listpack) return duplicateListpack(this.arena, value)
    this.dict.open(value)
    return this.dict.duplicate() ? this.dict.root : 0
  }

  memoryBytes(value: Pointer, samples: number, encoding: Encoding): number {
    if (encoding !== Encoding.hashtable) return this.arena.usableBytes(value)
    this.dict.open(value)
    return this.dict.memoryBytes(samples)
  }
}
