/**
 * Hashes: their limits, and the view through which commands see them.
 *
 * A hash is a listpack of fields and values in turn while it is small, otherwise a dict. It never turns back. Fields with an
 * expiry time make it a dict with more around it: see timed-hash.ts.
 */

import type { Pointer } from '../../memory/pointer.js'
import { dueMoved, dueOf, emptyCopy, setDue } from '../../structures/due-heap.js'
import type { Database } from '../database.js'
import { Encoding, keyBytes, keyLength, keyStart } from '../entry.js'
import type { Keyspace } from '../keyspace.js'
import { CollectionOwner } from './collection-owner.js'
import { HashView } from './hash-view.js'
import { elementDue, hashRoot, NEVER, newTimedHash, timedFields, timedRoot } from './timed-hash.js'

/** One for a key space; also answers it about the values of hashes. */
export class HashType extends CollectionOwner {
  /** Limits; see the configuration. */
  listpackEntriesMax: number
  listpackValueMax: number
  readonly view: HashView
  /** For active expiry, which may run while `view` is in use. */
  private readonly expirer: HashView

  constructor(keyspace: Keyspace) {
    super(keyspace)
    this.listpackEntriesMax = 512
    this.listpackValueMax = 64
    this.view = new HashView(this)
    this.expirer = new HashView(this)
  }

  /**
   * Drops up to `fieldsMax` fields of a hash whose time has passed, and the key with the last field.
   *
   * @returns how many
   */
  expireFields(database: Database, entry: Pointer, fieldsMax: number): number {
    const { arena, keyspace } = this
    const { expirer } = this
    const start = keyStart(arena, entry)
    const key = keyBytes(arena, entry).slice(start, start + keyLength(arena, entry))
    const fields: Uint8Array[] = []
    expirer.openToChange(entry, database, key, 0, key.length)
    expirer.dropPast(fieldsMax, fields)
    if (fields.length === 0) return 0
    const isGone = expirer.isEmpty
    if (isGone) database.remove(entry, false)
    keyspace.events.fieldsExpired(database, key, 0, key.length, fields, isGone)
    return fields.length
  }

  override effort(value: Pointer, encoding: Encoding): number {
    return super.effort(hashRoot(this.arena, encoding, value), plain(encoding))
  }

  override free(value: Pointer, encoding: Encoding): void {
    const root = hashRoot(this.arena, encoding, value)
    if (encoding === Encoding.timedHashtable) this.freeAround(value)
    super.free(root, plain(encoding))
  }

  override freeSome(value: Pointer, encoding: Encoding, elementsMax: number): Pointer {
    if (encoding !== Encoding.timedHashtable) return super.freeSome(value, encoding, elementsMax)
    // The block goes last: until then it is what stands for the value.
    if (super.freeSome(timedRoot(this.arena, value), Encoding.hashtable, elementsMax) !== 0) return value
    this.freeAround(value)
    return 0
  }

  override duplicate(value: Pointer, encoding: Encoding): Pointer {
    if (encoding !== Encoding.timedHashtable) return super.duplicate(value, encoding)
    const { arena, dict } = this
    const heap = emptyCopy(arena, timedFields(arena, value))
    if (heap === 0) return 0
    dict.open(timedRoot(arena, value))
    const block = dict.duplicate() ? newTimedHash(arena, dict.root, heap) : 0
    if (block === 0) {
      arena.free(heap)
      if (dict.root !== timedRoot(arena, value)) dict.free(true)
      return 0
    }
    setDue(arena, block, dueOf(arena, value))
    this.fillHeap(heap)
    return block
  }

  override memoryBytes(value: Pointer, samples: number, encoding: Encoding): number {
    const { arena } = this
    const bytes = super.memoryBytes(hashRoot(arena, encoding, value), samples, plain(encoding))
    if (encoding !== Encoding.timedHashtable) return bytes
    return bytes + arena.usableBytes(value) + arena.usableBytes(timedFields(arena, value))
  }

  /** Puts the timed elements of the dict into the places of the heap that they bring along. */
  private fillHeap(heap: Pointer): void {
    const { arena, dict } = this
    const elements: Pointer[] = []
    for (let index = 0; index < dict.bucketCount; index++) {
      elements.length = 0
      dict.collectBucket(index, elements)
      for (const element of elements) if (elementDue(arena, element) !== NEVER) dueMoved(arena, heap, element)
    }
  }

  private freeAround(block: Pointer): void {
    this.arena.free(timedFields(this.arena, block))
    this.arena.free(block)
  }
}

/** What the dict of a timed hash is to the code for all collections. */
function plain(encoding: Encoding): Encoding {
  return encoding === Encoding.timedHashtable ? Encoding.hashtable : encoding
}
