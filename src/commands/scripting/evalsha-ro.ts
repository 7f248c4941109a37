/** EVALSHA_RO. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { scripting } from '../../scripting/scripting.js'
import { showFirst } from './monitor-first.js'

/**
 * EVALSHA_RO sha1 numkeys [key …] [arg …]
 *
 * Errors:  NOSCRIPT; else as EVAL_RO.
 * Effects: none.
 */
export const evalshaReadOnly = defineCommand({
  name: 'EVALSHA_RO',
  summary: 'Runs a loaded Lua script that only reads, named by its SHA-1.',
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
    },
  ],
  args: ['sha1:string', 'numkeys:integer', 'key:key optional multiple', 'arg:string optional multiple'],
  reply: 'any',

  run(call) {
    showFirst(call)
    call.store.services.get(scripting).evaluateSha(call)
  },
})
