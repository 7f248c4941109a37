/** What DEL and UNLINK share. */

import type { Call } from '../../engine/call.js'

/** Deletes the keys at arguments 1 and up, and replies with how many there were. */
export function deleteKeys(call: Call, lazily: boolean): void {
  const { argc, bytes, database, ends, starts } = call
  let deleted = 0
  for (let i = 1; i < argc; i++) {
    const start = starts[i]!
    const end = ends[i]!
    const entry = database.find(bytes, start, end)
    // A key past its time counts as deleted only where this store may not expire it on its own.
    if (entry === 0 || (database.dropIfExpired(entry) && call.keyspace.deletesExpired)) continue
    database.remove(entry, lazily)
    call.changed(1, 'del', i)
    deleted++
  }
  call.reply.integer(deleted)
}
