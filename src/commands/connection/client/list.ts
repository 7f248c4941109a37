/** CLIENT LIST. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { type Client, typeOfClient } from '../../../engine/client.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { clientLine } from '../../../introspection/client-line.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { clientType } from './client-type.js'

const TYPE = latin1Bytes('type')
const ID = latin1Bytes('id')

/**
 * CLIENT LIST [TYPE NORMAL | MASTER | REPLICA | PUBSUB] [ID id [id …]]
 *
 * Errors: unknown client type; invalid client ID (not an integer); syntax.
 */
export const clientList = defineCommand({
  name: 'LIST',
  summary: 'Describes the connections there are, one a line.',
  since: '2.4.0',
  group: 'connection',
  complexity: 'O(N), N = connections',
  arity: -2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [
    {
      name: 'client-type',
      type: 'oneof',
      token: 'TYPE',
      since: '5.0.0',
      isOptional: true,
      args: [
        'normal:pure-token token=normal',
        'master:pure-token token=master',
        'replica:pure-token token=replica',
        'pubsub:pure-token token=pubsub',
      ],
    },
    'client-id:integer token=ID since=6.2.0 optional multiple',
  ],
  history: [
    ['2.8.12', 'New field `id`.'],
    ['5.0.0', 'New option `TYPE`.'],
    ['6.0.0', 'New field `user`.'],
    ['6.2.0', 'New fields `argv-mem`, `tot-mem`, `laddr` and `redir`, and new option `ID`.'],
    ['7.0.0', 'New fields `resp`, `multi-mem`, `rbs` and `rbp`.'],
    ['7.0.3', 'New field `ssub`.'],
  ],
  tips: ['nondeterministic_output'],
  reply: 'verbatim',

  run(call) {
    if (call.argc === 4 && call.is(2, TYPE)) {
      const type = clientType(call, 3)
      if (type !== undefined)
        replyLines(
          call,
          [...call.store.clients.values()].filter((one) => typeOfClient(one) === type),
        )
    } else if (call.argc > 3 && call.is(2, ID)) listById(call)
    else if (call.argc === 2) replyLines(call, call.store.clients.values())
    else call.fail(ErrorReply.syntax)
  },
})

/** Each client as often as it is named; numbers that nobody has are passed over. */
function listById(call: Call): void {
  const found: Client[] = []
  for (let i = 3; i < call.argc; i++) {
    const id = call.parseInteger(i)
    if (Number.isNaN(id)) return call.fail(ErrorReply.clientId)
    const client = call.store.clients.find(id)
    if (client !== undefined) found.push(client)
  }
  replyLines(call, found)
}

function replyLines(call: Call, clients: Iterable<Client>): void {
  let text = ''
  for (const client of clients) text += `${clientLine(client, call.keyspace.nowMs)}\n`
  call.reply.verbatim('txt', text)
}
