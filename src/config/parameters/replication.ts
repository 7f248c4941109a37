/** A primary and its replicas. */

import { integer, memory } from '../number-types.js'
import { LONG_MAX } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { bool, oneOf, optionalString, secret } from '../simple-types.js'
import { primaryAddress } from '../special-types.js'

export const replication = {
  replicaof: parameter(primaryAddress, undefined, {
    alias: 'slaveof',
    flags: Flag.immutable,
    since: '5.0.0',
    generation: 'replication',
    example: 'no one',
    doc: 'Host and port of the primary this server copies. At run time use the REPLICAOF command.',
  }),
  masteruser: parameter(optionalString(), '', {
    flags: Flag.sensitive,
    since: '6.0.0',
    generation: 'replication',
    doc: 'User name for logging in to the primary.',
  }),
  masterauth: parameter(secret, '', {
    flags: Flag.sensitive,
    since: '1.0.0',
    generation: 'replication',
    doc: 'Password for logging in to the primary.',
  }),
  'replica-serve-stale-data': parameter(bool, true, {
    alias: 'slave-serve-stale-data',
    since: '5.0.0',
    generation: 'replication',
    doc: 'Without a link to its primary, a replica still answers from the data it has; otherwise it replies with an error.',
  }),
  'replica-read-only': parameter(bool, true, {
    alias: 'slave-read-only',
    flags: Flag.debug,
    since: '5.0.0',
    generation: 'replication',
    doc: 'A replica refuses writes of clients.',
  }),
  'replica-lazy-flush': parameter(bool, false, {
    alias: 'slave-lazy-flush',
    since: '5.0.0',
    generation: 'replication',
    doc: 'Before a full copy, a replica frees its old data in the background.',
  }),
  'replica-ignore-disk-write-errors': parameter(bool, false, {
    since: '7.0.0',
    generation: 'replication',
    doc: 'A replica that cannot write to disk goes on instead of stopping.',
  }),
  'replica-priority': parameter(integer(0), 100, {
    alias: 'slave-priority',
    since: '5.0.0',
    generation: 'replication',
    doc: 'Sentinel promotes the replica with the lowest number; 0 is never promoted.',
  }),
  'replica-announced': parameter(bool, true, {
    since: '6.2.0',
    generation: 'replication',
    doc: 'Whether Sentinel tells its clients of this replica.',
  }),
  'replica-announce-ip': parameter(optionalString(), '', {
    alias: 'slave-announce-ip',
    since: '5.0.0',
    generation: 'replication',
    doc: 'Address a replica gives to its primary when the one seen there is not the one to use.',
  }),
  'replica-announce-port': parameter(integer(0, 65535), 0, {
    alias: 'slave-announce-port',
    since: '5.0.0',
    generation: 'replication',
    doc: 'The same for its port; 0 announces the port listened on.',
  }),
  'repl-ping-replica-period': parameter(integer(1), 10, {
    alias: 'repl-ping-slave-period',
    unit: 'seconds',
    since: '5.0.0',
    generation: 'replication',
    doc: 'How often a primary pings its replicas.',
  }),
  'repl-timeout': parameter(integer(1), 60, {
    unit: 'seconds',
    since: '2.4.3',
    generation: 'replication',
    doc: 'A link silent for this long is given up, on either side.',
  }),
  'repl-disable-tcp-nodelay': parameter(bool, false, {
    since: '2.6.11',
    generation: 'replication',
    doc: 'Send to replicas in larger portions, which saves bandwidth and adds delay.',
  }),
  'repl-backlog-size': parameter(memory(1, LONG_MAX, 16 * 1024), 1024 * 1024, {
    unit: 'bytes',
    since: '2.8.0',
    generation: 'replication',
    doc: 'How much of the write stream is kept, so that a replica that was away can catch up without a full copy. Less than 16kb counts as 16kb.',
  }),
  'repl-backlog-ttl': parameter(integer(0, LONG_MAX), 3600, {
    unit: 'seconds',
    since: '2.8.0',
    generation: 'replication',
    doc: 'Time without any replica after which a primary drops that memory; 0 keeps it.',
  }),
  'repl-diskless-sync': parameter(bool, true, {
    flags: Flag.debug,
    since: '2.8.18',
    generation: 'replication',
    doc: 'Send a full copy straight to the replicas, without a file in between.',
  }),
  'repl-diskless-sync-delay': parameter(integer(0), 5, {
    unit: 'seconds',
    since: '2.8.18',
    generation: 'replication',
    doc: 'Wait this long before such a copy for further replicas to join in.',
  }),
  'repl-diskless-sync-max-replicas': parameter(integer(0), 0, {
    since: '7.0.0',
    generation: 'replication',
    doc: 'Stop waiting when this many replicas have come; 0 waits for the whole delay.',
  }),
  'repl-diskless-load': parameter(oneOf(['disabled', 'on-empty-db', 'swapdb']), 'disabled', {
    flags: Flag.debug | Flag.denyLoading,
    since: '6.0.0',
    generation: 'replication',
    doc: 'Load a full copy without storing it first: never, when there is no data to lose, or beside the old data, which is dropped on success.',
  }),
  'min-replicas-to-write': parameter(integer(0), 0, {
    alias: 'min-slaves-to-write',
    since: '5.0.0',
    generation: 'replication',
    doc: 'Refuse writes with fewer replicas in good standing than this; 0 asks for none.',
  }),
  'min-replicas-max-lag': parameter(integer(0), 10, {
    alias: 'min-slaves-max-lag',
    unit: 'seconds',
    since: '5.0.0',
    generation: 'replication',
    doc: 'A replica is in good standing when it was heard of within this time; 0 switches the check off.',
  }),
  'propagation-error-behavior': parameter(oneOf(['ignore', 'panic', 'panic-on-replicas']), 'ignore', {
    since: '7.0.0',
    generation: 'replication',
    doc: 'What to do when a command from the primary or the AOF fails: carry on, crash, or crash on replicas only.',
  }),
}
