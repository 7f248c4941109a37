/**
 * A type of value for tests, a chain of blocks, so that what holds for collections can be tried without any: freeing at once
 * and in slices, copying. It goes by the type number of modules, which no built-in type has.
 */

import { latin1Bytes } from '../../src/base/bytes.js'
import type { Database } from '../../src/keyspace/database.js'
import { cellWord, Encoding, HAS_CELL, metaOf, Type } from '../../src/keyspace/entry.js'
import type { Keyspace, ValueOwner } from '../../src/keyspace/keyspace.js'
import type { Arena } from '../../src/memory/arena.js'
import { type Pointer, segmentOf, wordOffsetOf } from '../../src/memory/pointer.js'

export class ChainOwner implements ValueOwner {
  /** How often a value was freed in one go. */
  freedAtOnce = 0
  private readonly arena: Arena

  constructor(keyspace: Keyspace) {
    this.arena = keyspace.arena
    keyspace.registerOwner(Type.module, this)
  }

  effort(value: Pointer): number {
    let length = 0
    for (let block = value; block !== 0; block = this.nextOf(block)) length++
    return length
  }

  free(value: Pointer): void {
    this.freedAtOnce++
    this.freeSome(value, Encoding.raw, Infinity)
  }

  freeSome(value: Pointer, _encoding: number, elementsMax: number): Pointer {
    let block = value
    for (let freed = 0; block !== 0 && freed < elementsMax; freed++) {
      const next = this.nextOf(block)
      this.arena.free(block)
      block = next
    }
    return block
  }

  duplicate(value: Pointer): Pointer {
    return this.make(this.effort(value))
  }

  make(length: number): Pointer {
    let block: Pointer = 0
    for (let i = 0; i < length; i++) {
      const next = block
      block = this.arena.allocate(24)
      this.arena.i32[segmentOf(block)]![wordOffsetOf(block)] = next
    }
    return block
  }

  private nextOf(block: Pointer): Pointer {
    return this.arena.i32[segmentOf(block)]![wordOffsetOf(block)]!
  }
}

/** Adds a key with a chain of so many blocks. */
export function addChain(database: Database, owner: ChainOwner, key: string, length: number, expiryMs = -1): void {
  const bytes = latin1Bytes(key)
  const { arena } = database.keyspace
  database.find(bytes, 0, bytes.length)
  const { hash } = database.keys
  const entry = database.add(hash, bytes, 0, bytes.length, Type.module, Encoding.quicklist, HAS_CELL, 0, expiryMs)
  const word = cellWord(entry, metaOf(arena, entry))
  arena.i32[segmentOf(entry)]![word] = owner.make(length)
  arena.i32[segmentOf(entry)]![word + 1] = length
}

/** Length of the chain at a key; -1 when there is none. */
export function chainLength(database: Database, owner: ChainOwner, key: string): number {
  const bytes = latin1Bytes(key)
  const entry = database.find(bytes, 0, bytes.length)
  if (entry === 0) return -1
  return owner.effort(database.keyspace.valuePointer(entry, metaOf(database.keyspace.arena, entry)))
}
