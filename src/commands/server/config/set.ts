/** CONFIG SET. */

import type { Call } from '../../../engine/call.js'
import { type Client, Gate, isLocalClient } from '../../../engine/client.js'
import { defineCommand, Flag, State } from '../../../engine/command.js'
import type { Store } from '../../../engine/store.js'
import { ErrorReply } from '../../../protocol/errors.js'

/**
 * CONFIG SET parameter value [parameter value …]: all or nothing.
 *
 * A change that takes time (opening a port) holds this client back until it is done; others go on.
 *
 * Errors:  unknown option; CONFIG SET failed, with the parameter blamed and the reason, also for a port in a transaction;
 *          syntax (a name without a value).
 */
export const configSet = defineCommand({
  name: 'SET',
  summary: 'Changes parameters of the running server, all of them or none.',
  since: '2.0.0',
  group: 'server',
  complexity: 'O(N), N = parameters given',
  arity: -4,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  args: [{ name: 'data', type: 'block', isMultiple: true, args: ['parameter:string', 'value:string'] }],
  history: [['7.0.0', 'Added the ability to set multiple parameters in one call.']],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  findSecrets(call, into) {
    for (let i = 2; i + 1 < call.argc; i += 2) if (call.store.config.isSensitive(call.text(i))) into.push(i + 1)
  },

  run(call) {
    if ((call.argc & 1) !== 0) return call.fail(ErrorReply.syntax)
    const pairs: (readonly [string, string])[] = []
    for (let i = 2; i < call.argc; i += 2) pairs.push([call.text(i), call.text(i + 1)])
    const { store } = call
    const slow = slowParameter(pairs)
    if ((call.client.gate & Gate.denyBlocking) !== 0 && (slow !== undefined || store.config.isChanging)) {
      return call.fail(ErrorReply.configSetFailed(slow ?? pairs[0]![0], NOT_IN_TRANSACTION))
    }
    const isLoading = (store.state & State.loading) !== 0
    const outcome = store.config.set(pairs, { isLoading, isLocal: isLocalClient(call.client) })
    if (outcome instanceof Promise) waitFor(call, outcome)
    else if (outcome !== undefined) call.fail(outcome)
    else call.reply.ok()
  },
})

const NOT_IN_TRANSACTION = "can't be changed inside a transaction"
/** Opening a port takes a moment, and a transaction does not wait. */
const SLOW_PARAMETERS = ['port', 'bind', 'tls-port']

function slowParameter(pairs: readonly (readonly [name: string, value: string])[]): string | undefined {
  return pairs.find(([name]) => SLOW_PARAMETERS.includes(name.toLowerCase()))?.[0]
}

function waitFor(call: Call, outcome: Promise<ErrorReply | undefined>): void {
  const { client, store } = call
  client.gate |= Gate.blocked
  void outcome.then((error) => {
    if (store.clients.find(client.id) === client) finish(store, client, error)
  })
}

function finish(store: Store, client: Client, error: ErrorReply | undefined): void {
  client.gate &= ~Gate.blocked
  if (error === undefined) client.reply.ok()
  else {
    client.reply.error(error)
    store.executor.countError(error)
  }
  client.port.outputReady()
  client.port.resume()
}
