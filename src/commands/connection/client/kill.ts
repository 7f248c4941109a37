/** CLIENT KILL. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { type Client, type ClientType, typeOfClient } from '../../../engine/client.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { clientType } from './client-type.js'

const ID = latin1Bytes('id')
const TYPE = latin1Bytes('type')
const ADDR = latin1Bytes('addr')
const LADDR = latin1Bytes('laddr')
const USER = latin1Bytes('user')
const SKIPME = latin1Bytes('skipme')
const YES = latin1Bytes('yes')
const NO = latin1Bytes('no')

/**
 * CLIENT KILL ip:port
 * CLIENT KILL [ID id] [TYPE type] [USER name] [ADDR ip:port] [LADDR ip:port] [SKIPME YES | NO] …
 *
 * Several conditions must all hold. The old form may kill the caller, who still gets the reply; the new one with SKIPME NO.
 *
 * Errors: client-id should be greater than 0; unknown client type; no such user; syntax; no such client (old form).
 */
export const clientKill = defineCommand({
  name: 'KILL',
  summary: 'Closes connections that meet conditions.',
  since: '2.4.0',
  group: 'connection',
  complexity: 'O(N), N = connections',
  arity: -3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [
    {
      name: 'filter',
      type: 'oneof',
      args: [
        'old-format:string display=ip:port deprecated=2.8.12',
        {
          name: 'new-format',
          type: 'oneof',
          isMultiple: true,
          args: [
            'client-id:integer token=ID since=2.8.12 optional',
            {
              name: 'client-type',
              type: 'oneof',
              token: 'TYPE',
              since: '2.8.12',
              isOptional: true,
              args: [
                'normal:pure-token token=normal',
                'master:pure-token token=master since=3.2.0',
                'slave:pure-token token=slave',
                'replica:pure-token token=replica since=5.0.0',
                'pubsub:pure-token token=pubsub',
              ],
            },
            'username:string token=USER optional',
            'addr:string token=ADDR display=ip:port optional',
            'laddr:string token=LADDR display=ip:port since=6.2.0 optional',
            {
              name: 'skipme',
              type: 'oneof',
              token: 'SKIPME',
              isOptional: true,
              args: ['yes:pure-token token=YES', 'no:pure-token token=NO'],
            },
          ],
        },
      ],
    },
  ],
  history: [
    ['2.8.12', 'New form with conditions.'],
    ['2.8.12', 'Condition `ID`.'],
    ['3.2.0', '`TYPE` knows `master`.'],
    ['5.0.0', '`TYPE` says `replica` for `slave`, which it still takes.'],
    ['6.2.0', 'Condition `LADDR`.'],
  ],
  reply: 'ok|integer',

  run(call) {
    const isOldForm = call.argc === 3
    const conditions: Conditions = { skipsCaller: !isOldForm }
    if (isOldForm) conditions.address = call.text(2)
    else if (!readConditions(call, conditions)) return
    const count = killAll(call, conditions)
    if (!isOldForm) call.reply.integer(count)
    else if (count === 0) call.fail(ErrorReply.noSuchClient)
    else call.reply.ok()
  },
})

interface Conditions {
  id?: number
  type?: ClientType
  user?: string
  address?: string
  localAddress?: string
  skipsCaller: boolean
}

function readConditions(call: Call, into: Conditions): boolean {
  for (let i = 2; i < call.argc; i += 2) {
    const error = i + 1 < call.argc ? readCondition(call, i, into) : ErrorReply.syntax
    if (error === REPLIED) return false
    if (error !== undefined) {
      call.fail(error)
      return false
    }
  }
  return true
}

const REPLIED = 'replied'

function readCondition(call: Call, i: number, into: Conditions): ErrorReply | undefined | typeof REPLIED {
  if (call.is(i, ID)) {
    into.id = call.parseInteger(i + 1)
    return into.id >= 1 ? undefined : ErrorReply.clientIdNotPositive
  }
  if (call.is(i, TYPE)) {
    const type = clientType(call, i + 1)
    if (type === undefined) return REPLIED
    into.type = type
  } else if (call.is(i, ADDR)) into.address = call.text(i + 1)
  else if (call.is(i, LADDR)) into.localAddress = call.text(i + 1)
  else if (call.is(i, USER)) {
    into.user = call.text(i + 1)
    if (!call.store.access.hasUser(into.user)) return ErrorReply.clientUser(into.user)
  } else if (call.is(i, SKIPME) && call.is(i + 1, YES)) into.skipsCaller = true
  else if (call.is(i, SKIPME) && call.is(i + 1, NO)) into.skipsCaller = false
  else return ErrorReply.syntax
  return undefined
}

function killAll(call: Call, conditions: Conditions): number {
  let count = 0
  for (const client of call.store.clients.values()) {
    if (!meets(client, conditions) || (client === call.client && conditions.skipsCaller)) continue
    count++
    client.port.close(client === call.client)
  }
  return count
}

function meets(client: Client, { address, id, localAddress, type, user }: Conditions): boolean {
  if (address !== undefined && client.port.address !== address) return false
  if (localAddress !== undefined && client.port.localAddress !== localAddress) return false
  if (type !== undefined && typeOfClient(client) !== type) return false
  if (id !== undefined && client.id !== id) return false
  return user === undefined || client.user === user
}
