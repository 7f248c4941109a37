/** XREAD. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ReadArguments } from './read-arguments.js'
import { readStreams } from './read-streams.js'

/**
 * XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key …] id [id …]
 *
 * Entries above an id; `$` is the last id there is now.
 *
 * Errors:  syntax; not an integer (count); time-out not an integer, negative or out of range; BLOCK within a script; not as many ids as
 *          keys; WRONGTYPE (a key holds another type); not an id.
 */
export const xread = defineCommand({
  name: 'XREAD',
  summary: 'Entries of streams above given ids; waits for some if there are none and BLOCK is given.',
  since: '5.0.0',
  group: 'stream',
  arity: -4,
  flags: Flag.readOnly | Flag.blocking,
  acl: ['stream'],
  keys: [{ keyword: 'STREAMS', from: 1, last: -1, step: 1, limit: 2, access: Access.readOnly | Access.returnsData }],
  args: [
    'count:integer token=COUNT optional',
    'milliseconds:integer token=BLOCK optional',
    { name: 'streams', type: 'block', token: 'STREAMS', args: ['key:key multiple', 'ID:string multiple'] },
  ],
  reply: 'array|map|nil-array',

  run(call) {
    if (options.read(call, false) && options.findStreams(call)) readStreams(call, options)
  },
})

const options = new ReadArguments()
