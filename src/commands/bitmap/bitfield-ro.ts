/** BITFIELD_RO. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { runBitfield } from './bitfield-operations.js'

/**
 * BITFIELD_RO key [GET encoding offset …]
 *
 * Errors: those of BITFIELD; BITFIELD_RO only supports the GET subcommand.
 */
export const bitfieldRo = defineCommand({
  name: 'BITFIELD_RO',
  summary: 'Reads integers of any width at any bit of a string.',
  since: '6.0.0',
  group: 'bitmap',
  complexity: 'O(1) an operation',
  arity: -2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['bitmap'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    {
      name: 'get-block',
      type: 'block',
      token: 'GET',
      isOptional: true,
      isMultiple: true,
      isMultipleToken: true,
      args: ['encoding:string', 'offset:integer'],
    },
  ],
  reply: 'array',

  run(call) {
    runBitfield(call, false)
  },
})
