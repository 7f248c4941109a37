/** EVAL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { scripting } from '../../scripting/scripting.js'
import { showFirst } from './monitor-first.js'

/**
 * EVAL script numkeys [key …] [arg …]
 *
 * Errors:  numkeys not an integer, negative or too large; the script does not compile; whatever it raises or returns.
 * Effects: those of the commands it runs, as one unit; time stands still for it. Does not block.
 */
export const evalCommand = defineCommand({
  name: 'EVAL',
  summary: 'Runs a Lua script.',
  since: '2.6.0',
  group: 'scripting',
  complexity: 'Depends on the script',
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
  args: ['script:string', 'numkeys:integer', 'key:key optional multiple', 'arg:string optional multiple'],
  reply: 'any',

  run(call) {
    showFirst(call)
    call.store.services.get(scripting).evaluate(call)
  },
})
