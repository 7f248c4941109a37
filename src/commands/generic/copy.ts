/** COPY. */

import { equals, latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { Database } from '../../keyspace/database.js'
import { ErrorReply } from '../../protocol/errors.js'
import { announceIn } from './announce.js'
import { databaseArgument } from './database-argument.js'

const DB = latin1Bytes('db')
const REPLACE = latin1Bytes('replace')

interface CopyOptions {
  target: Database
  replaces: boolean
}

/**
 * COPY source destination [DB db] [REPLACE]
 *
 * Errors:  syntax; not an integer, out of range (db); other databases in cluster mode; source and destination are the same.
 * Effects: the expiry time is copied too; `copy_to` in the database of the copy; replicated as sent. 0 when there is no
 *          source, or a destination without REPLACE.
 */
export const copy = defineCommand({
  name: 'COPY',
  summary: 'Copies the value of a key to another key.',
  since: '6.2.0',
  group: 'generic',
  complexity: 'O(N) for collections, N = elements; O(1) for strings',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['keyspace'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData },
    { at: 2, last: 0, step: 1, access: Access.overwrite | Access.update },
  ],
  args: [
    'source:key',
    'destination:key',
    'destination-db:integer token=DB optional',
    'replace:pure-token token=REPLACE optional',
  ],
  reply: 'integer',

  run(call) {
    const { bytes, database, ends, keyspace, reply, starts, store } = call
    const options: CopyOptions = { target: database, replaces: false }
    if (!parseOptions(call, options)) return
    const { target } = options
    if (store.config.values['cluster-enabled'] && (database.index !== 0 || target.index !== 0)) {
      return call.fail(ErrorReply.copyInCluster)
    }
    if (target === database && equals(bytes, starts[1]!, ends[1]!, bytes, starts[2]!, ends[2]!)) {
      return call.fail(ErrorReply.sameObject)
    }

    const source = call.findRead(1)
    if (source === 0) return reply.integer(0)
    const existing = target.lookupWrite(bytes, starts[2]!, ends[2]!, call.touches)
    if (existing !== 0 && !options.replaces) return reply.integer(0)
    if (existing !== 0) target.remove(existing, keyspace.lazyFreesOverwritten)
    if (database.copy(source, target, bytes, starts[2]!, ends[2]!) === 0) return call.fail(ErrorReply.outOfMemory)
    announceIn(call, target, 'copy_to', 2)
    call.changed(1)
    reply.integer(1)
  },
})

function parseOptions(call: Call, options: CopyOptions): boolean {
  for (let i = 3; i < call.argc; i++) {
    if (call.is(i, REPLACE)) options.replaces = true
    else if (call.is(i, DB) && i + 1 < call.argc) {
      const target = databaseArgument(call, ++i)
      if (target === undefined) return false
      options.target = target
    } else {
      call.fail(ErrorReply.syntax)
      return false
    }
  }
  return true
}
