/**
 * Streams: what the keyspace asks about them, and what changes of their entries must announce. The cell of an entry points to
 * the stream's block (structures/stream.ts); neither entries nor that block move when a stream changes.
 *
 * A stream without entries stays, as in the reference: its last id and its groups are worth keeping.
 */

import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { createStream, type NodeLimits, Stream } from '../../structures/stream.js'
import { StreamCursor } from '../../structures/stream-cursor.js'
import {
  copyGroups,
  freeGroupsSome,
  freeGroupSome,
  groupPending,
  groupsMemory,
} from '../../structures/stream-groups.js'
import { setIdMax, StreamId } from '../../structures/stream-id.js'
import { indexCount } from '../../structures/stream-index.js'
import type { Database } from '../database.js'
import { Encoding, Type } from '../entry.js'
import type { ValueOwner } from '../keyspace.js'
import { addValue } from './cell.js'

/** 0-0, and the greatest id; not to be changed. */
export const LEAST_ID: StreamId = new StreamId()
export const GREATEST_ID: StreamId = greatestId()

/** One for a key space: its views are opened on one stream after the other. */
export class StreamType implements ValueOwner, NodeLimits {
  /** Limits of a node; see the configuration. */
  nodeBytesMax: number
  nodeEntriesMax: number
  readonly view: Stream
  readonly cursor: StreamCursor
  /** For groups that were destroyed: they are freed as values are. */
  readonly groups: GroupOwner
  private readonly arena: Arena
  private readonly other: Stream

  constructor(arena: Arena) {
    this.arena = arena
    this.nodeBytesMax = 4096
    this.nodeEntriesMax = 100
    this.view = new Stream(arena)
    this.cursor = new StreamCursor(arena)
    this.groups = new GroupOwner(arena)
    this.other = new Stream(arena)
  }

  effort(value: Pointer): number {
    const { arena, other } = this
    other.open(value)
    if (other.groupCount === 0) return other.radixNodeCount
    return other.radixNodeCount + other.groupCount * (1 + indexCount(arena, groupPending(other.groups)))
  }

  free(value: Pointer): void {
    this.freeSome(value, Encoding.stream, Infinity)
  }

  freeSome(value: Pointer, _encoding: Encoding, elementsMax: number): Pointer {
    const { other } = this
    other.open(value)
    if (!other.freeNodes(elementsMax)) return value
    if (!freeGroupsSome(other, elementsMax)) return value
    this.arena.free(value)
    return 0
  }

  duplicate(value: Pointer): Pointer {
    const copied = createStream(this.arena)
    if (copied === 0) return 0
    const from = new Stream(this.arena)
    const to = new Stream(this.arena)
    from.open(value)
    to.open(copied)
    if (to.copyFrom(from) && copyGroups(from, to)) return copied
    this.free(copied)
    return 0
  }

  memoryBytes(value: Pointer, samples: number): number {
    this.other.open(value)
    return this.other.nodesMemory(samples) + groupsMemory(this.other)
  }
}

/** Frees what XGROUP DESTROY took out of a stream. */
export class GroupOwner implements ValueOwner {
  private readonly arena: Arena

  constructor(arena: Arena) {
    this.arena = arena
  }

  effort(group: Pointer): number {
    return 1 + indexCount(this.arena, groupPending(group))
  }

  free(group: Pointer): void {
    freeGroupSome(this.arena, group, Infinity)
  }

  freeSome(group: Pointer, _encoding: Encoding, elementsMax: number): Pointer {
    return freeGroupSome(this.arena, group, elementsMax) < elementsMax ? 0 : group
  }

  duplicate(): Pointer {
    return 0
  }
}

/** Adds a key, just found missing, with an empty stream; 0 when memory could not be had. */
export function addStream(database: Database, key: Uint8Array, keyStart: number, keyEnd: number): Pointer {
  const { arena } = database.keyspace
  const stream = createStream(arena)
  if (stream === 0) return 0
  const entry = addValue(database, key, keyStart, keyEnd, Type.stream, Encoding.stream, stream)
  if (entry === 0) arena.free(stream)
  return entry
}

function greatestId(): StreamId {
  const id = new StreamId()
  setIdMax(id)
  return id
}
