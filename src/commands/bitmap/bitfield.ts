/** BITFIELD. */

import { equalsIgnoreCase, latin1Bytes } from '../../base/bytes.js'
import { Access, defineCommand, Flag, type KeyFinderCall } from '../../engine/command.js'
import { runBitfield } from './bitfield-operations.js'

const GET = latin1Bytes('get')
const OVERFLOW = latin1Bytes('overflow')

/**
 * BITFIELD key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> …]
 *
 * Errors:  syntax; invalid bitfield type; bit offset is not an integer or out of range; not an integer (value, increment);
 *          invalid OVERFLOW type; WRONGTYPE (key holds another type).
 * Effects: makes the string long enough for every field that is written; `setbit`; replicated as sent.
 */
export const bitfield = defineCommand({
  name: 'BITFIELD',
  summary: 'Reads and writes integers of any width at any bit of a string.',
  since: '3.2.0',
  group: 'bitmap',
  complexity: 'O(1) an operation',
  arity: -2,
  flags: Flag.write | Flag.denyOom,
  acl: ['bitmap'],
  keys: [
    {
      at: 1,
      last: 0,
      step: 1,
      access: Access.readWrite | Access.update | Access.returnsData | Access.variableFlags,
      notes: 'Read only if all operations are GET',
    },
  ],
  args: [
    'key:key',
    {
      name: 'operation',
      type: 'oneof',
      isOptional: true,
      isMultiple: true,
      args: [
        { name: 'get-block', type: 'block', token: 'GET', args: ['encoding:string', 'offset:integer'] },
        {
          name: 'write',
          type: 'block',
          args: [
            {
              name: 'overflow-block',
              type: 'oneof',
              token: 'OVERFLOW',
              isOptional: true,
              args: ['wrap:pure-token token=WRAP', 'sat:pure-token token=SAT', 'fail:pure-token token=FAIL'],
            },
            {
              name: 'write-operation',
              type: 'oneof',
              args: [
                {
                  name: 'set-block',
                  type: 'block',
                  token: 'SET',
                  args: ['encoding:string', 'offset:integer', 'value:integer'],
                },
                {
                  name: 'incrby-block',
                  type: 'block',
                  token: 'INCRBY',
                  args: ['encoding:string', 'offset:integer', 'increment:integer'],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  reply: 'array',

  keyAccess,

  run(call) {
    runBitfield(call, true)
  },
})

/** The key is only read if all operations are GET. */
function keyAccess({ argc, bytes, ends, starts }: KeyFinderCall): number {
  for (let i = 2; i < argc;) {
    if (equalsIgnoreCase(bytes, starts[i]!, ends[i]!, GET) && i + 2 < argc) i += 3
    else if (equalsIgnoreCase(bytes, starts[i]!, ends[i]!, OVERFLOW) && i + 1 < argc) i += 2
    else return Access.readWrite | Access.returnsData | Access.update
  }
  return Access.readOnly | Access.returnsData
}
