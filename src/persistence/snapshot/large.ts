/** Which values are too large to be saved in one step of a slice. */

import { cellWord, Encoding, encodingOfMeta, HAS_CELL, metaOf, Type, TYPE_MASK } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { hashRoot } from '../../keyspace/types/timed-hash.js'
import type { Arena } from '../../memory/arena.js'
import { type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { elementBytes } from '../../structures/dict-element.js'
import { Dict } from '../../structures/dict.js'
import { HEAD, NEXT, NODES, SIZE, word } from '../../structures/quicklist-nodes.js'
import { dictRoot } from '../../structures/skiplist.js'

export interface LargeLimits {
  /** Larger sets, hashes and sorted sets are saved in units. */
  readonly elements: number
  /** And so are strings, and lists and tables by what their content takes. */
  readonly bytes: number
  /** Lists of more nodes, whatever those hold. */
  readonly nodes: number
  /** Keys, or elements of a large value, that are written in one step, about: so many that their cache misses overlap. */
  readonly stepEntries: number
}

/** A step of this size takes some 0.3 ms. */
export const LARGE_LIMITS: LargeLimits = { elements: 1024, bytes: 65536, nodes: 16, stepEntries: 48 }

/** A dict of so few elements is looked at more closely when they may be long ones. */
const SAMPLED_FROM_ELEMENTS = 16
const SAMPLED_BUCKETS = 2

/**
 * By what a value that may be saved in units is known, and announces its changes: the root of its dict, its list, or the block of a
 * string. It stays the same for the life of the value, while what the entry refers to may become another. 0 for other values.
 */
export function unitRoot(arena: Arena, type: Type, encoding: Encoding, value: Pointer): Pointer {
  if (type === Type.string) return value
  switch (encoding) {
    case Encoding.hashtable:
    case Encoding.quicklist:
      return value
    case Encoding.timedHashtable:
      return hashRoot(arena, encoding, value)
    case Encoding.skiplist:
      return dictRoot(arena, value)
    default:
      return 0
  }
}

/** Tells large values from others. */
export class LargeValues {
  private readonly arena: Arena
  private readonly limits: LargeLimits
  private readonly dict: Dict
  private readonly sample: Pointer[]

  constructor(keyspace: Keyspace, limits: LargeLimits) {
    this.arena = keyspace.arena
    this.limits = limits
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.sample = []
  }

  /** Units of a value that is large, otherwise 0. Intsets and listpacks are one block each, and saved as such. */
  unitsOf(entry: Pointer): number {
    const { arena } = this
    const meta = metaOf(arena, entry)
    if ((meta & HAS_CELL) === 0) return 0
    const cell = cellWord(entry, meta)
    const value = arena.i32[entry >>> SEGMENT_SHIFT]![cell]!
    switch (encodingOfMeta(meta)) {
      case Encoding.raw: {
        const length = arena.u32[entry >>> SEGMENT_SHIFT]![cell + 1]!
        return (meta & TYPE_MASK) === Type.string && length > this.limits.bytes ? length : 0
      }
      case Encoding.hashtable:
      case Encoding.timedHashtable:
      case Encoding.skiplist:
        this.dict.open(unitRoot(arena, (meta & TYPE_MASK) as Type, encodingOfMeta(meta), value))
        return this.dictUnits(this.dict)
      case Encoding.quicklist:
        return this.listUnits(value)
      default:
        return 0
    }
  }

  private dictUnits(dict: Dict): number {
    const { count } = dict
    if (count > this.limits.elements) return count
    if (count < SAMPLED_FROM_ELEMENTS) return 0
    const { sample } = this
    sample.length = 0
    for (let bucket = 0; bucket < SAMPLED_BUCKETS && bucket < dict.bucketCount; bucket++) {
      dict.collectBucket(bucket, sample)
    }
    let bytes = 0
    for (let i = 0; i < sample.length; i++) bytes += elementBytes(this.arena, sample[i]!)
    return bytes * count > this.limits.bytes * sample.length ? count : 0
  }

  private listUnits(list: Pointer): number {
    const { arena } = this
    let bytes = 0
    let nodes = 0
    for (let node = word(arena, list, HEAD); node !== 0; node = word(arena, node, NEXT)) {
      bytes += word(arena, node, SIZE)
      if (++nodes > this.limits.nodes || bytes > this.limits.bytes) return word(arena, list, NODES)
    }
    return 0
  }
}
