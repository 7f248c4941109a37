/** FCALL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { scripting } from '../../scripting/scripting.js'
import { showFirst } from './monitor-first.js'

/**
 * FCALL function numkeys [key …] [arg …]
 *
 * Errors:  no such function; numkeys not an integer, negative or too large; whatever the function raises or returns.
 * Effects: as EVAL.
 */
export const fcall = defineCommand({
  name: 'FCALL',
  summary: 'Calls a function of a loaded library.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'Depends on the function',
  arity: -3,
  flags: Flag.noScript | Flag.skipMonitor | Flag.noMandatoryKeys | Flag.stale | Flag.mayReplicate,
  acl: ['scripting'],
  keys: [
    {
      at: 2,
      count: { index: 0, first: 1, step: 1 },
      access: Access.readWrite | Access.returnsData | Access.update,
      notes: 'What becomes of the keys cannot be known, so they count as read and written',
    },
  ],
  args: ['function:string', 'numkeys:integer', 'key:key optional multiple', 'arg:string optional multiple'],
  reply: 'any',

  run(call) {
    showFirst(call)
    call.store.services.get(scripting).callFunction(call)
  },
})
