/** XSETID. */

import { Int64, compareUnsigned, fromNumber } from '../../base/int64.js'
import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { ErrorReply } from '../../protocol/errors.js'
import type { Stream } from '../../structures/stream.js'
import { compareIds, isIdZero, setIdZero, StreamId } from '../../structures/stream-id.js'
import { readId } from './ids.js'

const ENTRIESADDED = latin1Bytes('entriesadded')
const MAXDELETEDID = latin1Bytes('maxdeletedid')

/**
 * XSETID key last-id [ENTRIESADDED count] [MAXDELETEDID id]
 *
 * Errors:  not an id; count not an integer, or negative; syntax; no such key; WRONGTYPE (key holds another type); an id or a count that
 *          contradicts what the stream holds.
 * Effects: `xsetid`; replicated as sent.
 */
export const xsetid = defineCommand({
  name: 'XSETID',
  summary: 'Sets what a stream keeps besides its entries: for files and replicas.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1)',
  arity: -3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: [
    'key:key',
    'last-id:string',
    'entries-added:integer token=ENTRIESADDED optional since=7.0.0',
    'max-deleted-id:string token=MAXDELETEDID optional since=7.0.0',
  ],
  history: [['7.0.0', 'Takes ENTRIESADDED and MAXDELETEDID.']],
  reply: 'ok',

  run(call) {
    if (!readId(call, 2, lastId) || !readOptions(call)) return
    const entry = call.findWrite(1)
    if (entry === 0) return call.fail(ErrorReply.noSuchKey)
    if (!call.hasType(entry, Type.stream)) return
    const { view } = call.keyspace.streams
    view.open(cellPointer(call.arena, entry))
    const error = contradiction(view)
    if (error !== undefined) return call.fail(error)
    call.database.beforeQuietWrite(call.bytes, call.starts[1]!, call.ends[1]!)
    view.setLastId(lastId)
    if (given.hasAdded) view.setEntriesAdded(added)
    if (!isIdZero(deletedId)) view.setMaxDeletedId(deletedId)
    call.changed(1, 'xsetid')
    call.reply.ok()
  },
})

const lastId = new StreamId()
const deletedId = new StreamId()
const held = new StreamId()
const added = new Int64()
const length = new Int64()
const given = { hasAdded: false }

/** False when an error has been replied. */
function readOptions(call: Call): boolean {
  given.hasAdded = false
  setIdZero(deletedId)
  for (let at = 3; at < call.argc; at += 2) {
    const hasMore = at + 1 < call.argc
    if (hasMore && call.is(at, ENTRIESADDED)) {
      if (!call.int64(at + 1, added)) return false
      if (added.high < 0) return refuse(call, ErrorReply.setidEntriesAdded)
      given.hasAdded = true
    } else if (hasMore && call.is(at, MAXDELETEDID)) {
      if (!readId(call, at + 1, deletedId)) return false
      if (compareIds(lastId, deletedId) < 0) return refuse(call, ErrorReply.setidBelowGivenDeleted)
    } else return refuse(call, ErrorReply.syntax)
  }
  return true
}

function contradiction(stream: Stream): ErrorReply | undefined {
  stream.readMaxDeletedId(held)
  if (compareIds(lastId, held) < 0) return ErrorReply.setidBelowDeleted
  if (stream.length === 0) return undefined
  stream.readTopId(held)
  if (compareIds(lastId, held) < 0) return ErrorReply.setidBelowTop
  fromNumber(stream.length, length)
  return given.hasAdded && compareUnsigned(length, added) > 0 ? ErrorReply.setidBelowLength : undefined
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
