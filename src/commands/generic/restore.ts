/** RESTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { restoreValue } from './restore-value.js'

/**
 * RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]
 *
 * Errors:  syntax; not an integer, out of range (IDLETIME, FREQ); BUSYKEY; not an integer, negative (ttl); wrong version or
 *          checksum; bad data format, with the reason in the log.
 * Effects: emits `restore`; replicated as sent, with a relative time as the moment and ABSTTL. A moment that has passed makes no
 *          key: with REPLACE the old one is deleted, and DEL or UNLINK replicated.
 */
export const restore = defineCommand({
  name: 'RESTORE',
  summary: 'Makes a key out of what DUMP returned.',
  since: '2.6.0',
  group: 'generic',
  complexity:
    'O(N*M) to build the value, N = elements, M = their average size; sorted sets O(N*M*log(N)), strings O(M)',
  arity: -4,
  flags: Flag.write | Flag.denyOom,
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
