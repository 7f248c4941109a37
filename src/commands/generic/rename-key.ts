/** What RENAME and RENAMENX share. */

import { equals } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * Renames the key at argument 1 to argument 2.
 *
 * @param replaces  a key that has the new name is deleted first; otherwise nothing is done then
 * @returns false when nothing was done, as with a new name that is the old one; undefined when an error was replied
 */
export function renameKey(call: Call, replaces: boolean): boolean | undefined {
  const { bytes, database, ends, keyspace, starts } = call
  const entry = call.findWrite(1)
  if (entry === 0) return failed(call, ErrorReply.noSuchKey)
  if (equals(bytes, starts[1]!, ends[1]!, bytes, starts[2]!, ends[2]!)) return false

  const existing = call.findWrite(2)
  if (existing !== 0 && !replaces) return false
  if (existing !== 0) database.remove(existing, keyspace.lazyFreesOverwritten)
  if (database.move(entry, database, bytes, starts[2]!, ends[2]!) === 0) return failed(call, ErrorReply.outOfMemory)
  call.changed(1)
  call.notify(EventClass.generic, 'rename_from', 1)
  call.notify(EventClass.generic, 'rename_to', 2)
  return true
}

function failed(call: Call, error: ErrorReply): undefined {
  call.fail(error)
  return undefined
}
