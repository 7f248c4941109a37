/** TYPE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { typeNames, typeOf } from '../../keyspace/entry.js'
import { findUntouched } from './lookup.js'

/** TYPE key: `none` when there is no such key. */
export const type = defineCommand({
  name: 'TYPE',
  summary: 'Names the type of the value at a key.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'simple',

  run(call) {
    const entry = findUntouched(call, 1)
    call.reply.simple(entry === 0 ? 'none' : typeNames[typeOf(call.arena, entry)]!)
  },
})
