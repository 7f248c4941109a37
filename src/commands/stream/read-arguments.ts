/** The arguments of XREAD and XREADGROUP, and what they find behind them. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { ClientFlag } from '../../engine/client.js'
import { deadlineFromMs } from '../../engine/blocking-timeout.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { findGroup } from '../../structures/stream-groups.js'
import { setIdMax, setIdZero, StreamId } from '../../structures/stream-id.js'
import { IdList, isSign, readId } from './ids.js'

const BLOCK = latin1Bytes('block')
const COUNT = latin1Bytes('count')
const STREAMS = latin1Bytes('streams')
const GROUP = latin1Bytes('group')
const NOACK = latin1Bytes('noack')
const DOLLAR = 0x24
const ABOVE = 0x3e

/** No BLOCK among the arguments. */
export const NEVER_WAITS = -1

export class ReadArguments {
  /** When to stop waiting, ms since 1970; 0 never, NEVER_WAITS without BLOCK. */
  deadlineMs: number
  /** Entries of each stream, at most; 0 is no limit. */
  count: number
  isUnacknowledged: boolean
  /** Argument of the group's name, which the consumer's follows; 0 for none. */
  group: number
  /** Argument of the first key. */
  keys: number
  streams: number
  /** Some id was given as `$`. */
  hasDollar: boolean
  /** What the ids must be above; the greatest for `>`. */
  readonly ids: IdList
  /** By stream: its entry in the key space and the group, 0 where there is none. */
  entries: Int32Array
  groups: Int32Array
  private readonly id: StreamId

  constructor() {
    this.deadlineMs = NEVER_WAITS
    this.count = 0
    this.isUnacknowledged = false
    this.group = 0
    this.keys = 0
    this.streams = 0
    this.hasDollar = false
    this.ids = new IdList()
    this.entries = new Int32Array(STREAMS_KEPT)
    this.groups = new Int32Array(STREAMS_KEPT)
    this.id = new StreamId()
  }

  /** False when an error has been replied. */
  read(call: Call, hasGroup: boolean): boolean {
    this.deadlineMs = NEVER_WAITS
    this.count = 0
    this.isUnacknowledged = false
    this.group = 0
    this.keys = 0
    for (let at = 1; at < call.argc && this.keys === 0;) {
      at = this.readOption(call, at, hasGroup)
      if (at < 0) return false
    }
    if (this.keys === 0) return refuse(call, ErrorReply.syntax)
    if (hasGroup && this.group === 0) return refuse(call, ErrorReply.streamGroupMissing)
    return true
  }

  /** Looks streams and groups up and reads the ids; false when an error has been replied. */
  findStreams(call: Call): boolean {
    this.ids.clear()
    this.hasDollar = false
    if (this.entries.length < this.streams) {
      this.entries = new Int32Array(this.streams)
      this.groups = new Int32Array(this.streams)
    }
    for (let i = 0; i < this.streams; i++) {
      if (!this.findStream(call, i)) return false
      this.ids.add(this.id)
    }
    return true
  }

  private findStream(call: Call, index: number): boolean {
    const key = this.keys + index
    const entry = call.findRead(key)
    if (entry !== 0 && !call.hasType(entry, Type.stream)) return false
    this.entries[index] = entry
    const { view } = call.keyspace.streams
    if (entry !== 0) view.open(cellPointer(call.arena, entry))
    if (this.group !== 0) {
      const group = entry === 0 ? 0 : this.findGroup(call)
      if (group === 0) return refuse(call, ErrorReply.noGroupForRead(call.text(key), call.text(this.group)))
      this.groups[index] = group
    }
    return this.readStart(call, key + this.streams, entry !== 0)
  }

  private findGroup(call: Call): Pointer {
    return findGroup(call.keyspace.streams.view, call.bytes, call.starts[this.group]!, call.ends[this.group]!)
  }

  private readStart(call: Call, at: number, isThere: boolean): boolean {
    const { id } = this
    if (isSign(call, at, DOLLAR)) {
      if (this.group !== 0) return refuse(call, ErrorReply.streamLastIdMeaningless)
      this.hasDollar = true
      if (isThere) call.keyspace.streams.view.readLastId(id)
      else setIdZero(id)
      return true
    }
    if (isSign(call, at, ABOVE)) {
      if (this.group === 0) return refuse(call, ErrorReply.streamNewIdOutsideGroup)
      setIdMax(id)
      return true
    }
    return readId(call, at, id)
  }

  /** Reads one option; returns what follows it, or -1. */
  private readOption(call: Call, at: number, hasGroup: boolean): number {
    const more = call.argc - at - 1
    if (more > 0 && call.is(at, BLOCK)) return this.readBlock(call, at + 1)
    if (more > 0 && call.is(at, COUNT)) {
      this.count = call.integer(at + 1)
      if (this.count < 0) this.count = 0
      return Number.isNaN(this.count) ? -1 : at + 2
    }
    if (more > 0 && call.is(at, STREAMS)) return this.readStreams(call, at + 1, hasGroup)
    if (more > 1 && call.is(at, GROUP)) {
      if (!hasGroup) return failing(call, ErrorReply.streamGroupOption)
      this.group = at + 1
      return at + 3
    }
    if (!call.is(at, NOACK)) return failing(call, ErrorReply.syntax)
    if (!hasGroup) return failing(call, ErrorReply.streamNoackOption)
    this.isUnacknowledged = true
    return at + 1
  }

  private readBlock(call: Call, at: number): number {
    if ((call.client.flags & ClientFlag.script) !== 0)
      return failing(call, ErrorReply.streamBlockInScript(call.text(0)))
    this.deadlineMs = deadlineFromMs(call, at)
    return Number.isNaN(this.deadlineMs) ? -1 : at + 1
  }

  private readStreams(call: Call, at: number, hasGroup: boolean): number {
    const words = call.argc - at
    if (words % 2 !== 0) return failing(call, ErrorReply.streamUnbalanced(call.command.fullName, hasGroup ? '>' : '$'))
    this.keys = at
    this.streams = words >>> 1
    return call.argc
  }
}

const STREAMS_KEPT = 16

function failing(call: Call, error: ErrorReply): number {
  call.fail(error)
  return -1
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
