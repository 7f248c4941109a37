/** XREADGROUP. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ReadArguments } from './read-arguments.js'
import { readStreams } from './read-streams.js'

/**
 * XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key …] id [id …]
 *
 * With the id `>` entries that no consumer of the group has got yet, which are pending for this one then unless NOACK is given; with
 * another id what is pending for it above that.
 *
 * Errors:  as XREAD; no GROUP; NOGROUP (key or group missing).
 * Effects: creates the consumer, `xgroup-createconsumer`; replicated as the XCLAIM of each entry, or with NOACK as XGROUP SETID and
 *          CREATECONSUMER; what was pending before is not replicated.
 */
export const xreadgroup = defineCommand({
  name: 'XREADGROUP',
  summary: 'Entries of streams for a consumer in a group, new ones or those it has not acknowledged; waits if told to.',
  since: '5.0.0',
  group: 'stream',
  complexity:
    'O(M) for each stream, M = entries returned. While clients wait here, XADD takes O(N) to serve them, N = clients.',
  arity: -7,
  flags: Flag.write | Flag.blocking,
  acl: ['stream'],
  keys: [{ keyword: 'STREAMS', from: 4, last: -1, step: 1, limit: 2, access: Access.readOnly | Access.returnsData }],
  args: [
    { name: 'group-block', type: 'block', token: 'GROUP', args: ['group:string', 'consumer:string'] },
    'count:integer token=COUNT optional',
    'milliseconds:integer token=BLOCK optional',
    'noack:pure-token token=NOACK optional',
    { name: 'streams', type: 'block', token: 'STREAMS', args: ['key:key multiple', 'ID:string multiple'] },
  ],
  reply: 'array|map|nil-array',

  run(call) {
    call.propagateNothing()
    if (options.read(call, true) && options.findStreams(call)) readStreams(call, options)
  },
})

const options = new ReadArguments()
