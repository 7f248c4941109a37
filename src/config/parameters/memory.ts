/** How much memory the data may take, what gives way when it is full, and how freeing and expiring are paced. */

import { integer, memory } from '../number-types.js'
import { LONG_MAX, ULONG_MAX } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { bool, oneOf } from '../simple-types.js'

const POLICIES = [
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'noeviction',
] as const

export const memoryLimits = {
  maxmemory: parameter(memory(0, ULONG_MAX), 0, {
    unit: 'bytes',
    since: '1.0.0',
    generation: 'now',
    doc: 'How much memory may be in use, replica buffers not counted. When it is reached, keys are evicted as maxmemory-policy says, or writes are refused. 0 is no limit.',
  }),
  'maxmemory-policy': parameter(oneOf(POLICIES), 'noeviction', {
    since: '2.2.0',
    generation: 'eviction',
    doc: 'What is evicted: among keys with an expiry (volatile) or among all (allkeys), those used least recently (lru), those used least often (lfu), any (random) or those that expire soonest (ttl). With noeviction writes are refused.',
  }),
  'maxmemory-samples': parameter(integer(1), 5, {
    since: '2.2.0',
    generation: 'eviction',
    doc: 'How many keys are looked at to choose one for eviction; more is closer to exact and costs more.',
  }),
  'maxmemory-eviction-tenacity': parameter(integer(0, 100), 10, {
    since: '6.2.0',
    generation: 'eviction',
    doc: 'How long one round of eviction may take: 0 keeps latency lowest, 100 goes on until the limit is met.',
  }),
  'replica-ignore-maxmemory': parameter(bool, true, {
    alias: 'slave-ignore-maxmemory',
    since: '5.0.0',
    generation: 'eviction',
    doc: 'A replica evicts nothing on its own and waits for the deletions of its primary.',
  }),
  'lfu-log-factor': parameter(integer(0), 10, {
    since: '4.0.0',
    generation: 'now',
    doc: 'How many hits it takes to raise the use counter of a key; higher values tell frequently used keys apart.',
  }),
  'lfu-decay-time': parameter(integer(0), 1, {
    since: '4.0.0',
    generation: 'now',
    doc: 'Minutes after which the use counter of an untouched key drops by one; 0 keeps it.',
  }),
  'active-expire-effort': parameter(integer(1, 10), 1, {
    since: '6.0.0',
    generation: 'now',
    doc: 'How hard expired keys are searched for in the background, from 1 to 10; more effort leaves fewer of them in memory.',
  }),
  'lazyfree-lazy-eviction': parameter(bool, false, {
    flags: Flag.debug,
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Free evicted values bit by bit in the background instead of at once.',
  }),
  'lazyfree-lazy-expire': parameter(bool, false, {
    flags: Flag.debug,
    since: '4.0.0',
    generation: 'now',
    doc: 'The same for expired values.',
  }),
  'lazyfree-lazy-server-del': parameter(bool, false, {
    flags: Flag.debug,
    since: '4.0.0',
    generation: 'now',
    doc: 'The same for values that a command overwrites, such as the target of RENAME.',
  }),
  'lazyfree-lazy-user-del': parameter(bool, false, {
    flags: Flag.debug,
    since: '6.0.0',
    generation: 'now',
    doc: 'DEL frees as UNLINK does.',
  }),
  'lazyfree-lazy-user-flush': parameter(bool, false, {
    flags: Flag.debug,
    since: '6.2.0',
    generation: 'now',
    doc: 'FLUSHALL, FLUSHDB, SCRIPT FLUSH and FUNCTION FLUSH free in the background unless told otherwise.',
  }),
  activedefrag: parameter(bool, false, {
    flags: Flag.debug,
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Move blocks out of sparsely used pages so that these can be given back.',
  }),
  'active-defrag-ignore-bytes': parameter(memory(1), 100 * 1024 * 1024, {
    unit: 'bytes',
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Leave memory alone as long as less than this is wasted.',
  }),
  'active-defrag-threshold-lower': parameter(integer(0, 1000), 10, {
    unit: 'percent',
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Fragmentation at which defragmentation starts.',
  }),
  'active-defrag-threshold-upper': parameter(integer(0, 1000), 100, {
    unit: 'percent',
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Fragmentation at which it works as hard as it may.',
  }),
  'active-defrag-cycle-min': parameter(integer(1, 99), 1, {
    unit: 'percent',
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Processor time spent on it at the lower threshold.',
  }),
  'active-defrag-cycle-max': parameter(integer(1, 99), 25, {
    unit: 'percent',
    since: '4.0.0',
    generation: 'eviction',
    doc: 'Processor time spent on it at the upper threshold.',
  }),
  'active-defrag-max-scan-fields': parameter(integer(1, LONG_MAX), 1000, {
    unit: 'entries',
    since: '5.0.0',
    generation: 'eviction',
    doc: 'Collections with more elements than this are handled in steps of their own.',
  }),
}
