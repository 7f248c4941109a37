/** EVALSHA. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { scripting } from '../../scripting/scripting.js'
import { showFirst } from './monitor-first.js'

/**
 * EVALSHA sha1 numkeys [key …] [arg …]
 *
 * Errors:  NOSCRIPT (no script of that hash is loaded); else as EVAL.
 * Effects: as EVAL.
 */
export const evalsha = defineCommand({
  name: 'EVALSHA',
  summary: 'Runs a loaded Lua script, named by its SHA-1.',
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
    },
  ],
  args: ['sha1:string', 'numkeys:integer', 'key:key optional multiple', 'arg:string optional multiple'],
  reply: 'any',

  run(call) {
    showFirst(call)
    call.store.services.get(scripting).evaluateSha(call)
  },
})
