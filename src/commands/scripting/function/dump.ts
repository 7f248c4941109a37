/** FUNCTION DUMP. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { writeLibraries } from '../../../scripting/functions-payload.js'
import { scripting } from '../../../scripting/scripting.js'

/**
 * FUNCTION DUMP
 *
 * Effects: none; replies all libraries in the form that FUNCTION RESTORE takes.
 */
export const functionDump = defineCommand({
  name: 'DUMP',
  summary: 'Returns all libraries as one string.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(N), N = functions',
  arity: 2,
  flags: Flag.noScript,
  acl: ['scripting'],
  reply: 'bulk',

  run(call) {
    const { libraries } = call.store.services.get(scripting).libraries
    const codes = [...libraries.values()].map(({ code }) => code)
    const payload = writeLibraries(codes, call.store.config.values.rdbcompression)
    call.reply.bulk(payload, 0, payload.length)
  },
})
