/** GEOHASH. */

import { defineCommand, Flag } from '../../engine/command.js'
import { TEXT_LENGTH, writeText } from '../../structures/geohash.js'
import { findPosition, found, memberArguments, openMembers, readKeys } from './members.js'

/**
 * GEOHASH key [member …]
 *
 * Errors: WRONGTYPE (key holds another type). A missing member is nil.
 */
export const geohash = defineCommand({
  name: 'GEOHASH',
  summary: 'Tells the positions of members as geohash texts of 11 letters.',
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
        reply.nil()
        continue
      }
      writeText(found.longitude, found.latitude, text, 0)
      reply.bulk(text, 0, TEXT_LENGTH)
    }
  },
})

const text = new Uint8Array(TEXT_LENGTH)
