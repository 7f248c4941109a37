/** GEOPOS. */

import { defineCommand, Flag } from '../../engine/command.js'
import { replyCoordinate } from './coordinate-text.js'
import { findPosition, found, memberArguments, openMembers, readKeys } from './members.js'

/**
 * GEOPOS key [member …]
 *
 * Errors: WRONGTYPE (key holds another type). A missing member is a null array.
 */
export const geopos = defineCommand({
  name: 'GEOPOS',
  summary: 'Tells the positions of members, which are the middles of their geohash cells.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(1) for each member',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['geo'],
  keys: readKeys,
  args: memberArguments,
  reply: 'array',

  run(call) {
    const view = openMembers(call)
    if (view === undefined) return
    const { argc, reply } = call
    reply.array(argc - 2)
    for (let i = 2; i < argc; i++) {
      if (view === null || !findPosition(call, view, i, found)) {
        reply.nilArray()
        continue
      }
      reply.array(2)
      replyCoordinate(reply, found.longitude)
      replyCoordinate(reply, found.latitude)
    }
  },
})
