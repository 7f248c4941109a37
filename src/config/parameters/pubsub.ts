/** Messages about keys. */

import { integer } from '../number-types.js'
import { LONG_MAX } from '../number-text.js'
import { parameter } from '../parameter.js'
import { keyspaceEvents } from '../special-types.js'

export const pubsub = {
  'notify-keyspace-events': parameter(keyspaceEvents, '', {
    since: '2.8.0',
    generation: 'pubsub',
    doc: 'Which events are published. K: on the channel of the key, E: on the channel of the event; g generic commands, $ strings, l lists, s sets, h hashes, z sorted sets, t streams, d modules, x expired, e evicted, n new keys, m missed keys; A: all of them but m and n. Empty: none.',
  }),
  'tracking-table-max-keys': parameter(integer(0, LONG_MAX), 1000000, {
    unit: 'entries',
    since: '6.0.0',
    generation: 'pubsub',
    doc: 'How many keys client-side caching keeps track of; beyond it, keys are invalidated at random. 0 is no limit.',
  }),
}
