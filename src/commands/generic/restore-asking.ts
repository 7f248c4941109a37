/** RESTORE-ASKING. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { restoreValue } from './restore-value.js'

/** RESTORE as a node of a cluster sends it that moves a slot: taken by the node that is importing it. */
export const restoreAsking = defineCommand({
  name: 'RESTORE-ASKING',
  summary: 'Does what RESTORE does, for the move of a slot between nodes of a cluster; internal.',
  since: '3.0.0',
  group: 'server',
  complexity:
    'O(N*M) to build the value, N = elements, M = their average size; sorted sets O(N*M*log(N)), strings O(M)',
  arity: -4,
  flags: Flag.write | Flag.denyOom | Flag.asking,
  docFlags: ['syscmd'],
  acl: ['keyspace', 'dangerous'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.overwrite | Access.update }],
  args: [
    'key:key',
    'ttl:integer',
    'serialized-value:string',
    'replace:pure-token token=REPLACE optional since=3.0.0',
    'absttl:pure-token token=ABSTTL optional since=5.0.0',
    'seconds:integer token=IDLETIME optional since=5.0.0',
    'frequency:integer token=FREQ optional since=5.0.0',
  ],
  history: [
    ['3.0.0', 'Option: `REPLACE`.'],
    ['5.0.0', 'Option: `ABSTTL`.'],
    ['5.0.0', 'Options: `IDLETIME`, `FREQ`.'],
  ],
  reply: 'ok',

  run: restoreValue,
})
