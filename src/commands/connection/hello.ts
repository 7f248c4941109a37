/** HELLO. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Gate } from '../../engine/client.js'
import { defineCommand, Flag } from '../../engine/command.js'
import type { Store } from '../../engine/store.js'
import { REFERENCE_VERSION } from '../../introspection/version.js'
import { ErrorReply } from '../../protocol/errors.js'
import { authenticate } from './authenticate.js'
import { isClientAttribute } from './client/attribute.js'

const AUTH = latin1Bytes('auth')
const SETNAME = latin1Bytes('setname')

/**
 * HELLO [protocol [AUTH username password] [SETNAME name]]
 *
 * Errors: protocol is not an integer; NOPROTO (neither 2 nor 3); syntax of an option; invalid name; WRONGPASS; NOAUTH (a
 *         password is needed and was not given). Nothing is changed then, but that a right password counts.
 */
export const hello = defineCommand({
  name: 'HELLO',
  summary: 'Greets the server: chooses the protocol, logs in and names the connection, and returns who answers.',
  since: '6.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: -1,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.noAuth | Flag.sentinel | Flag.allowBusy,
  acl: ['connection'],
  args: [
    {
      name: 'arguments',
      type: 'block',
      isOptional: true,
      args: [
        'protover:integer',
        { name: 'auth', type: 'block', token: 'AUTH', isOptional: true, args: ['username:string', 'password:string'] },
        'clientname:string token=SETNAME optional',
      ],
    },
  ],
  history: [['6.2.0', '`protover` may be left out: the command then reports on the connection as it is.']],
  reply: 'map',
  findSecrets,

  run(call) {
    let protocol = 0
    if (call.argc > 1) {
      protocol = call.parseInteger(1)
      if (Number.isNaN(protocol)) return call.fail(ErrorReply.protocolVersionNotAnInteger)
      if (protocol !== 2 && protocol !== 3) return call.fail(ErrorReply.unsupportedProtocol)
    }
    const options = { authIndex: 0, nameIndex: 0 }
    if (!readOptions(call, options)) return
    const { authIndex, nameIndex } = options
    const { client, reply, store } = call
    if (authIndex !== 0 && !authenticate(call, call.text(authIndex), authIndex + 1)) return
    if ((client.gate & Gate.mustAuthenticate) !== 0) return call.fail(ErrorReply.helloUnauthenticated)
    if (nameIndex !== 0) client.name = call.text(nameIndex)
    if (protocol !== 0) reply.protocol = protocol as 2 | 3
    replyGreeting(call, store)
  },
})

/** Where what an option says begins among the arguments; 0: not given. */
interface HelloOptions {
  authIndex: number
  nameIndex: number
}

function readOptions(call: Call, options: HelloOptions): boolean {
  for (let i = 2; i < call.argc; i++) {
    const more = call.argc - 1 - i
    if (call.is(i, AUTH) && more >= 2) {
      options.authIndex = i + 1
      i += 2
    } else if (call.is(i, SETNAME) && more >= 1) {
      options.nameIndex = ++i
      if (!isClientAttribute(call, i)) return refuse(call, ErrorReply.clientName)
    } else return refuse(call, ErrorReply.helloSyntax(call.text(i)))
  }
  return true
}

function refuse(call: Call, error: ErrorReply): false {
  call.fail(error)
  return false
}

function replyGreeting({ client, reply }: Call, store: Store): void {
  const { isSentinel, values } = store.config
  reply.map(isSentinel ? 6 : 7)
  reply.bulkText('server')
  reply.bulkText('redis')
  reply.bulkText('version')
  reply.bulkText(REFERENCE_VERSION)
  reply.bulkText('proto')
  reply.integer(reply.protocol)
  reply.bulkText('id')
  reply.integer(client.id)
  reply.bulkText('mode')
  reply.bulkText(isSentinel ? 'sentinel' : values['cluster-enabled'] ? 'cluster' : 'standalone')
  if (!isSentinel) {
    reply.bulkText('role')
    reply.bulkText(store.isReplica ? 'replica' : 'master')
  }
  reply.bulkText('modules')
  reply.emptyArray()
}

function findSecrets(call: Call, into: number[]): void {
  for (let i = 2; i < call.argc; i++) {
    if (!call.is(i, AUTH) || i + 2 >= call.argc) continue
    into.push(i + 1, i + 2)
    i += 2
  }
}
