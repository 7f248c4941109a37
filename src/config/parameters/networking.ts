/** Listening sockets and what a client may take up. */

import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { integer, memory, memoryOrPercent, octal } from '../number-types.js'
import { UINT_MAX } from '../number-text.js'
import { bool, optionalString } from '../simple-types.js'
import { addresses, outputBufferLimits } from '../special-types.js'

const KB = 1024
const MB = 1024 * KB
const GB = 1024 * MB

export const networking = {
  bind: parameter(addresses, ['*', '-::*'], {
    since: '1.0.0',
    generation: 'now',
    doc: 'Addresses to listen on. A leading "-" lets the server start even if the address does not exist here; "*" and "::*" stand for all IPv4 and all IPv6 addresses. An empty value closes TCP altogether.',
  }),
  port: parameter(integer(0, 65535), 6379, {
    since: '1.0.0',
    generation: 'now',
    doc: 'TCP port for clients; 0 opens none.',
  }),
  'protected-mode': parameter(bool, true, {
    since: '3.2.0',
    generation: 'now',
    doc: 'As long as the default user has no password, turn away clients that come from another host.',
  }),
  'bind-source-addr': parameter(optionalString(), '', {
    since: '7.0.0',
    generation: 'replication',
    doc: 'Local address used for connections to other servers.',
  }),
  'tcp-backlog': parameter(integer(0), 511, {
    flags: Flag.immutable,
    since: '2.8.5',
    generation: 'now',
    doc: 'How many connections may wait to be accepted; the operating system may cap it.',
  }),
  unixsocket: parameter(optionalString(), '', {
    flags: Flag.immutable,
    since: '2.2.0',
    generation: 'now',
    doc: 'Path of a Unix socket to listen on as well; empty for none.',
  }),
  unixsocketperm: parameter(octal(0, 0o777), 0, {
    flags: Flag.immutable,
    since: '2.4.0',
    generation: 'now',
    doc: "Permissions of the socket file, in octal; 0 leaves those the process's umask gives.",
  }),
  timeout: parameter(integer(0), 0, {
    unit: 'seconds',
    since: '1.0.0',
    generation: 'now',
    doc: 'Close a client that has been idle this long; 0 never does.',
  }),
  'tcp-keepalive': parameter(integer(0), 300, {
    unit: 'seconds',
    since: '2.6.11',
    generation: 'now',
    doc: 'Probe a silent peer this often, so that dead connections are noticed; 0 does not probe.',
  }),
  'socket-mark-id': parameter(integer(0, UINT_MAX), 0, {
    flags: Flag.immutable,
    since: '7.0.0',
    generation: 'none',
    doc: 'Mark on sockets for the packet filter of the operating system; Node offers no way to set it.',
  }),
  maxclients: parameter(integer(1, UINT_MAX), 10000, {
    since: '1.0.0',
    generation: 'now',
    doc: 'How many clients may be connected at once, replicas and cluster links included. Further ones are refused with an error.',
  }),
  'maxmemory-clients': parameter(memoryOrPercent(100), 0, {
    unit: 'bytes',
    since: '7.0.0',
    generation: 'eviction',
    doc: 'Memory all clients together may hold, absolute or in percent of maxmemory; past it the largest are disconnected. 0 is no limit.',
  }),
  'client-query-buffer-limit': parameter(memory(MB), GB, {
    flags: Flag.debug,
    unit: 'bytes',
    since: '4.0.7',
    generation: 'now',
    doc: 'How much unprocessed input one client may pile up before it is disconnected.',
  }),
  'client-output-buffer-limit': parameter(
    outputBufferLimits,
    {
      normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
      replica: { hardBytes: 256 * MB, softBytes: 64 * MB, softSeconds: 60 },
      pubsub: { hardBytes: 32 * MB, softBytes: 8 * MB, softSeconds: 60 },
    },
    {
      since: '2.6.0',
      generation: 'now',
      doc: 'A client whose unread replies exceed the hard limit, or stay beyond the soft limit for the given seconds, is disconnected. Given per class: normal, replica, pubsub; 0 is no limit.',
    },
  ),
  'proto-max-bulk-len': parameter(memory(MB), 512 * MB, {
    flags: Flag.debug,
    unit: 'bytes',
    since: '4.0.7',
    generation: 'now',
    doc: 'The longest single argument a command may have, and the longest a string value may grow.',
  }),
  'io-threads': parameter(integer(1, 128), 1, {
    flags: Flag.immutable | Flag.debug,
    since: '6.0.0',
    generation: 'none',
    doc: 'Number of threads for socket work in the reference; Spinel serves all sockets from one event loop.',
  }),
  'io-threads-do-reads': parameter(bool, false, {
    flags: Flag.immutable | Flag.debug,
    since: '6.0.0',
    generation: 'none',
    doc: 'Whether those threads read and parse as well.',
  }),
}
