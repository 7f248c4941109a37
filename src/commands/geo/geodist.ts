/** GEODIST. */

import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { Position } from '../../structures/geohash.js'
import { distance } from '../../structures/geohash-distance.js'
import { unitArgument, unitMeters } from './arguments.js'
import { replyDistance } from './distance-text.js'
import { findPosition, found, openMembers, readKeys } from './members.js'

const UNIT = 4

/**
 * GEODIST key member1 member2 [M | KM | FT | MI]
 *
 * Errors: unsupported unit; syntax; WRONGTYPE (key holds another type). Nil when a member is missing.
 */
export const geodist = defineCommand({
  name: 'GEODIST',
  summary: 'Tells how far two members are from each other.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(1)',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['geo'],
  keys: readKeys,
  args: ['key:key', 'member1:string', 'member2:string', { ...unitArgument, isOptional: true }],
  reply: 'bulk|nil',

  run(call) {
    if (call.argc > UNIT + 1) return call.fail(ErrorReply.syntax)
    const meters = call.argc > UNIT ? unitMeters(call, UNIT) : 1
    if (meters < 0) return
    const view = openMembers(call)
    if (view === undefined) return
    if (view === null || !findPosition(call, view, 2, found) || !findPosition(call, view, 3, other)) {
      return call.reply.nil()
    }
    replyDistance(call.reply, distance(found.longitude, found.latitude, other.longitude, other.latitude) / meters)
  },
})

const other = new Position()
