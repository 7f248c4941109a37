/** EVAL_RO. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { scripting } from '../../scripting/scripting.js'
import { showFirst } from './monitor-first.js'

/**
 * EVAL_RO script numkeys [key …] [arg …]
 *
 * Errors:  as EVAL; writing commands are refused, and scripts that declare that they write.
 * Effects: none.
 */
export const evalReadOnly = defineCommand({
  name: 'EVAL_RO',
  summary: 'Runs a Lua script that only reads.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'Depends on the script',
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
  args: ['script:string', 'numkeys:integer', 'key:key optional multiple', 'arg:string optional multiple'],
  reply: 'any',

  run(call) {
    showFirst(call)
    call.store.services.get(scripting).evaluate(call)
  },
})
