/**
 * Hashes: their limits, and the view through which commands see them.
 *
 * A hash is a listpack of fields and values in turn while it is small, otherwise a dict. It never turns back.
 */

import type { Keyspace } from '../keyspace.js'
import { CollectionOwner } from './collection-owner.js'
import { HashView } from './hash-view.js'

/** One for a key space; also answers it about the values of hashes. */
export class HashType extends CollectionOwner {
  /** Limits; see the configuration. */
  listpackEntriesMax: number
  listpackValueMax: number
  readonly view: HashView

  constructor(keyspace: Keyspace) {
    super(keyspace)
    this.listpackEntriesMax = 512
    this.listpackValueMax = 64
    this.view = new HashView(this)
  }
}
