/** When a collection leaves its compact encoding, and how large its nodes get. */

import { integer, memory } from '../number-types.js'
import { INT_MIN, LONG_MAX } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'

const entries = integer(0, LONG_MAX)
const bytes = memory(0)

export const collections = {
  'hash-max-listpack-entries': parameter(entries, 512, {
    alias: 'hash-max-ziplist-entries',
    unit: 'entries',
    since: '7.0.0',
    generation: 'now',
    doc: 'A hash with more fields than this becomes a hash table.',
  }),
  'hash-max-listpack-value': parameter(bytes, 64, {
    alias: 'hash-max-ziplist-value',
    unit: 'bytes',
    since: '7.0.0',
    generation: 'now',
    doc: 'A hash with a longer field or value than this becomes a hash table.',
  }),
  'list-max-listpack-size': parameter(integer(INT_MIN), -2, {
    alias: 'list-max-ziplist-size',
    since: '7.0.0',
    generation: 'now',
    doc: 'Size of a list node: a positive value counts elements; -1 to -5 stand for 4, 8, 16, 32 and 64 kilobytes.',
  }),
  'list-compress-depth': parameter(integer(0), 0, {
    flags: Flag.debug,
    since: '3.2.0',
    generation: 'now',
    doc: 'How many nodes at either end of a list stay uncompressed while those between are compressed; 0 compresses nothing.',
  }),
  'set-max-intset-entries': parameter(entries, 512, {
    unit: 'entries',
    since: '2.2.0',
    generation: 'now',
    doc: 'A set of integers with more members than this leaves the intset encoding.',
  }),
  'set-max-listpack-entries': parameter(entries, 128, {
    unit: 'entries',
    since: '7.2.0',
    generation: 'now',
    doc: 'A set with more members than this becomes a hash table.',
  }),
  'set-max-listpack-value': parameter(entries, 64, {
    unit: 'bytes',
    since: '7.2.0',
    generation: 'now',
    doc: 'A set with a longer member than this becomes a hash table.',
  }),
  'zset-max-listpack-entries': parameter(entries, 128, {
    alias: 'zset-max-ziplist-entries',
    unit: 'entries',
    since: '7.0.0',
    generation: 'now',
    doc: 'A sorted set with more members than this becomes a skiplist.',
  }),
  'zset-max-listpack-value': parameter(bytes, 64, {
    alias: 'zset-max-ziplist-value',
    unit: 'bytes',
    since: '7.0.0',
    generation: 'now',
    doc: 'A sorted set with a longer member than this becomes a skiplist.',
  }),
  'hll-sparse-max-bytes': parameter(bytes, 3000, {
    unit: 'bytes',
    since: '2.8.9',
    generation: 'now',
    doc: 'A HyperLogLog larger than this changes from its sparse to its dense form.',
  }),
  'stream-node-max-bytes': parameter(bytes, 4096, {
    unit: 'bytes',
    since: '5.0.0',
    generation: 'now',
    doc: 'Size at which a stream starts a new node; 0 is no limit.',
  }),
  'stream-node-max-entries': parameter(integer(0, LONG_MAX), 100, {
    unit: 'entries',
    since: '5.0.0',
    generation: 'now',
    doc: 'Number of entries at which a stream starts a new node; 0 is no limit.',
  }),
}
