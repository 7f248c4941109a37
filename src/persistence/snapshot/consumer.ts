/**
 * What a walk over the key space hands its keys to: the writer of an RDB file, or of commands that rebuild the data.
 *
 * Small keys come whole. Large ones come in units, after all small ones, and their units are shown early when a write is about to
 * change them: the walk turns `sink` to a buffer at the side then, and puts the bytes in their place later. So what a unit
 * becomes must not depend on what was written before it.
 */

import type { Encoding, Type } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import type { ByteSink } from '../byte-sink.js'

/** A key whose value is written in units: as it was at the cut. */
export interface LargeKey {
  readonly databaseIndex: number
  readonly type: Type
  readonly encoding: Encoding
  readonly name: Uint8Array
  /** In ms since 1970, -1 for none. */
  readonly expiryMs: number
  /** Elements of a set, hash or sorted set; nodes of a list; bytes of a string. */
  readonly units: number
}

/** For strings that are compressed where it pays: whether it does is known only when all of a string has been seen. */
export interface StringPacking {
  /** What stands in front of the string, without its length; instead of `beginLarge`. */
  begin(large: LargeKey, entry: Pointer): void
  /** The string follows as it is. */
  plain(large: LargeKey): void
  /** So many bytes of LZF follow. */
  packed(large: LargeKey, bytes: number): void
}

export interface SnapshotConsumer {
  /** There when long strings may be compressed. */
  readonly packing?: StringPacking | undefined
  /** Where everything goes; exchanged by the walk between two calls. */
  sink: ByteSink
  /** What stands in front of all keys. */
  start(): void
  /**
   * The keys that follow are of this database. It may be chosen more than once.
   *
   * @param keys          how many it had at the cut
   * @param volatileKeys  and of them, how many that expire
   */
  selectDatabase(index: number, keys: number, volatileKeys: number, isFirst: boolean): void
  /** A whole key. */
  key(entry: Pointer): void
  /** What stands in front of the units; the entry is good for this call only. */
  beginLarge(large: LargeKey, entry: Pointer): void
  /** Elements of a set, hash or sorted set, in any order, each once. */
  elements(large: LargeKey, elements: readonly Pointer[]): void
  /** A node of a list, in order. */
  listNode(large: LargeKey, node: Pointer): void
  /** Bytes of a string, in order. */
  stringPart(large: LargeKey, bytes: Uint8Array, start: number, end: number): void
  endLarge(large: LargeKey): void
  /** What stands behind all keys; nothing is left in the sink. */
  end(): void
}
