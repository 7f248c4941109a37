/** What the subcommands of XGROUP share. */

import { Int64 } from '../../../base/int64.js'
import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { Type } from '../../../keyspace/entry.js'
import { cellPointer } from '../../../keyspace/types/cell.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { findGroup } from '../../../structures/stream-groups.js'

const MKSTREAM = latin1Bytes('mkstream')
const ENTRIESREAD = latin1Bytes('entriesread')

/** The options of CREATE and SETID, which begin at argument 5. */
export class GroupOptions {
  makesStream: boolean
  /** -1: unknown. */
  readonly entriesRead: Int64

  constructor() {
    this.makesStream = false
    this.entriesRead = new Int64()
  }

  /** False when an error has been replied. */
  read(call: Call, isCreate: boolean): boolean {
    const { entriesRead } = this
    this.makesStream = false
    entriesRead.high = -1
    entriesRead.low = 0xffffffff
    for (let at = 5; at < call.argc; at++) {
      if (isCreate && call.is(at, MKSTREAM)) this.makesStream = true
      else if (at + 1 < call.argc && call.is(at, ENTRIESREAD)) {
        if (!call.int64(++at, entriesRead)) return false
        if (entriesRead.high >= 0 || (entriesRead.high & entriesRead.low) === -1) continue
        call.fail(ErrorReply.groupEntriesRead)
        return false
      } else {
        failSyntax(call)
        return false
      }
    }
    return true
  }
}

export function failSyntax(call: Call): void {
  call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'xgroup'))
}

/**
 * Opens the view of streams on the one at key 2.
 *
 * @returns 1, 0 when the key is missing, -1 when WRONGTYPE has been replied
 */
export function openStream(call: Call): number {
  const entry = call.findWrite(2)
  if (entry === 0) return 0
  if (!call.hasType(entry, Type.stream)) return -1
  call.keyspace.streams.view.open(cellPointer(call.arena, entry))
  return 1
}

/** Opens the stream at key 2, which must be there; false when an error has been replied. */
export function openStreamThatIs(call: Call): boolean {
  const found = openStream(call)
  if (found === 0) call.fail(ErrorReply.groupNeedsKey)
  return found > 0
}

/** The group that argument 3 names in the open stream, or 0. */
export function groupNamed(call: Call): Pointer {
  return findGroup(call.keyspace.streams.view, call.bytes, call.starts[3]!, call.ends[3]!)
}

/** The same; 0 when an error has been replied, for which key and group must be there. */
export function findExistingGroup(call: Call): Pointer {
  if (!openStreamThatIs(call)) return 0
  const group = groupNamed(call)
  if (group === 0) call.fail(ErrorReply.noGroup(call.text(3), call.text(2)))
  return group
}
