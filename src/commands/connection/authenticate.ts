/** What AUTH and HELLO … AUTH share. */

import type { Call } from '../../engine/call.js'
import { ClientFlag } from '../../engine/client.js'
import { Stat } from '../../engine/statistics.js'
import { ErrorReply } from '../../protocol/errors.js'

/** Logs the client in; false, with the error replied, when user or password are wrong. */
export function authenticate(call: Call, user: string, passwordIndex: number): boolean {
  const { client, store } = call
  const name = store.access.authenticate(user, call.copyBytes(passwordIndex))
  if (name === undefined) {
    store.statistics[Stat.aclDeniedAuth]!++
    call.fail(ErrorReply.wrongPass)
    return false
  }
  client.user = name
  client.flags &= ~ClientFlag.unauthenticated
  store.access.refresh(client)
  return true
}
