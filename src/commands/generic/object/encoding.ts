/** OBJECT ENCODING. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { encodingNames, encodingOf } from '../../../keyspace/entry.js'
import { findQuietly } from '../lookup.js'

/** OBJECT ENCODING key: nil when there is no such key. */
export const objectEncoding = defineCommand({
  name: 'ENCODING',
  summary: 'Names the encoding in which a value is held.',
  since: '2.2.3',
  group: 'generic',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly,
  acl: ['keyspace'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  tips: ['nondeterministic_output'],
  reply: 'bulk|nil',

  run(call) {
    const entry = findQuietly(call, 2)
    if (entry === 0) return call.reply.nil()
    call.reply.bulkText(encodingNames[encodingOf(call.arena, entry)]!)
  },
})
