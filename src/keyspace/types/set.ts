/**
 * Sets: their limits, and the views through which commands see them.
 *
 * A set is an intset while all members are integers and few; a listpack while they are few and short; otherwise a dict. It
 * turns to the next of these where the reference does, and never back, except as a set made anew.
 */

import type { Keyspace } from '../keyspace.js'
import { CollectionOwner } from './collection-owner.js'
import { SetView } from './set-view.js'

/** One for a key space; also answers it about the values of sets. */
export class SetType extends CollectionOwner {
  /** Limits; see the configuration. */
  intsetEntriesMax: number
  listpackEntriesMax: number
  listpackValueMax: number
  /** For the set a command is about. */
  readonly view: SetView
  /** For a second one: what is built or moved to. */
  readonly target: SetView
  /** What a set is turned into while it changes its encoding. */
  readonly helper: SetView
  private readonly views: SetView[]

  constructor(keyspace: Keyspace) {
    super(keyspace)
    this.intsetEntriesMax = 512
    this.listpackEntriesMax = 128
    this.listpackValueMax = 64
    this.view = new SetView(this)
    this.target = new SetView(this)
    this.helper = new SetView(this)
    this.views = []
  }

  /** One of many views, for commands over many sets. */
  viewAt(index: number): SetView {
    while (this.views.length <= index) this.views.push(new SetView(this))
    return this.views[index]!
  }
}
