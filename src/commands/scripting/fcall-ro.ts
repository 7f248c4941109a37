/** FCALL_RO. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { scripting } from '../../scripting/scripting.js'
import { showFirst } from './monitor-first.js'

/**
 * FCALL_RO function numkeys [key …] [arg …]
 *
 * Errors:  as FCALL; functions that are not declared to only read are refused.
 * Effects: none.
 */
export const fcallReadOnly = defineCommand({
  name: 'FCALL_RO',
  summary: 'Calls a function of a loaded library that only reads.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'Depends on the function',
  arity: -3,
  flags: Flag.noScript | Flag.skipMonitor | Flag.noMandatoryKeys | Flag.stale | Flag.readOnly,
  acl: ['scripting'],
  keys: [
    {
      at: 2,
      count: { index: 0, first: 1, step: 1 },
      access: Access.readOnly | Access.returnsData,
      notes: 'What is read of the keys cannot be known, so they count as read',
    },
  ],
  args: ['function:string', 'numkeys:integer', 'key:key optional multiple', 'arg:string optional multiple'],
  reply: 'any',

  run(call) {
    showFirst(call)
    call.store.services.get(scripting).callFunction(call)
  },
})
