/** Cluster mode. */

import { integer, memory } from '../number-types.js'
import { LONG_MAX, ULONG_MAX } from '../number-text.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { bool, oneOf, optionalString, string } from '../simple-types.js'

const HOST_NAME_LENGTH_MAX = 256
const NODE_NAME_FORBIDDEN = '!#$%&()*+:;<>?@[]^{|}~'

export const cluster = {
  'cluster-enabled': parameter(bool, false, {
    flags: Flag.immutable,
    since: '3.0.0',
    generation: 'cluster',
    doc: 'Run as a node of a cluster.',
  }),
  'cluster-config-file': parameter(string(), 'nodes.conf', {
    flags: Flag.immutable,
    since: '3.0.0',
    generation: 'cluster',
    doc: 'File in which the node keeps its view of the cluster; written by the server, and not to be shared between nodes.',
  }),
  'cluster-node-timeout': parameter(integer(0, LONG_MAX), 15000, {
    unit: 'milliseconds',
    since: '3.0.0',
    generation: 'cluster',
    doc: 'A node that cannot be reached for this long counts as failing.',
  }),
  'cluster-ping-interval': parameter(integer(0, LONG_MAX), 0, {
    flags: Flag.hidden,
    unit: 'milliseconds',
    since: '7.2.0',
    generation: 'cluster',
    doc: 'How often a random node is pinged; used by tests.',
  }),
  'cluster-port': parameter(integer(0, 65535), 0, {
    flags: Flag.immutable,
    since: '7.0.0',
    generation: 'cluster',
    doc: 'Port of the cluster bus; 0 takes the port for clients plus 10000.',
  }),
  'cluster-replica-validity-factor': parameter(integer(0), 10, {
    alias: 'cluster-slave-validity-factor',
    since: '5.0.0',
    generation: 'cluster',
    doc: 'A replica cut off from its primary for longer than this many node timeouts does not stand for election; 0 always does.',
  }),
  'cluster-migration-barrier': parameter(integer(0), 1, {
    since: '3.0.0',
    generation: 'cluster',
    doc: 'A primary gives a replica away to one without any only if it keeps this many.',
  }),
  'cluster-allow-replica-migration': parameter(bool, true, {
    since: '6.2.0',
    generation: 'cluster',
    doc: 'Whether replicas move to primaries that lack one, and empty primaries become replicas.',
  }),
  'cluster-require-full-coverage': parameter(bool, true, {
    since: '3.0.0',
    generation: 'cluster',
    doc: 'Stop serving when some slots have no owner.',
  }),
  'cluster-replica-no-failover': parameter(bool, false, {
    alias: 'cluster-slave-no-failover',
    since: '5.0.0',
    generation: 'cluster',
    doc: 'This replica never starts a failover of its own.',
  }),
  'cluster-allow-reads-when-down': parameter(bool, false, {
    since: '6.0.0',
    generation: 'cluster',
    doc: 'Answer reads even though the cluster is down.',
  }),
  'cluster-allow-pubsubshard-when-down': parameter(bool, true, {
    since: '7.0.0',
    generation: 'cluster',
    doc: 'Serve sharded publish/subscribe even though the cluster is down.',
  }),
  'cluster-link-sendbuf-limit': parameter(memory(0, ULONG_MAX), 0, {
    unit: 'bytes',
    since: '7.0.0',
    generation: 'cluster',
    doc: 'Drop a link of the bus when this much waits to be sent on it; 0 is no limit.',
  }),
  'cluster-announce-ip': parameter(optionalString(), '', {
    since: '4.0.0',
    generation: 'cluster',
    doc: 'Address other nodes and clients are told, for use behind address translation.',
  }),
  'cluster-announce-port': parameter(integer(0, 65535), 0, {
    since: '4.0.0',
    generation: 'cluster',
    doc: 'The same for the port for clients; 0 announces the real one.',
  }),
  'cluster-announce-tls-port': parameter(integer(0, 65535), 0, {
    since: '6.2.0',
    generation: 'cluster',
    doc: 'The same for the TLS port.',
  }),
  'cluster-announce-bus-port': parameter(integer(0, 65535), 0, {
    since: '4.0.0',
    generation: 'cluster',
    doc: 'The same for the port of the bus.',
  }),
  'cluster-announce-hostname': parameter(optionalString(checkHostName), '', {
    since: '7.0.0',
    generation: 'cluster',
    doc: 'Host name clients are told besides the address.',
  }),
  'cluster-announce-human-nodename': parameter(optionalString(checkNodeName), '', {
    since: '7.2.0',
    generation: 'cluster',
    doc: 'A name for this node in logs.',
  }),
  'cluster-preferred-endpoint-type': parameter(oneOf(['ip', 'hostname', 'unknown-endpoint']), 'ip', {
    since: '7.0.0',
    generation: 'cluster',
    doc: 'What redirections name: the address, the host name, or nothing, which sends the client back to the host it already talks to.',
  }),
}

function checkHostName(name: string): string | undefined {
  if (name.length >= HOST_NAME_LENGTH_MAX) return `Hostnames must be less than ${HOST_NAME_LENGTH_MAX} characters`
  return /^[A-Za-z0-9.-]*$/.test(name)
    ? undefined
    : 'Hostnames may only contain alphanumeric characters, hyphens or dots'
}

function checkNodeName(name: string): string | undefined {
  const isClean = ![...NODE_NAME_FORBIDDEN].some((char) => name.includes(char))
  return isClean ? undefined : 'Announced human node name contained invalid character'
}
