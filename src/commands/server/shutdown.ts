/** SHUTDOWN. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Gate } from '../../engine/client.js'
import { defineCommand, Flag, State } from '../../engine/command.js'
import { serverControl } from '../../engine/server-control.js'
import { ErrorReply } from '../../protocol/errors.js'

const NOSAVE = latin1Bytes('nosave')
const SAVE = latin1Bytes('save')
const NOW = latin1Bytes('now')
const FORCE = latin1Bytes('force')
const ABORT = latin1Bytes('abort')

interface Options {
  saves: boolean | undefined
  isNow: boolean
  isForced: boolean
  isAbort: boolean
}

/**
 * SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]
 *
 * On success there is no reply: the connection closes with the server.
 *
 * Errors:  syntax (unknown word, SAVE with NOSAVE, ABORT with anything); no shutdown in progress (ABORT); not for a client
 *          that may not wait (unless NOW); refused, with the reason (something could not be saved, unless FORCE).
 */
export const shutdown = defineCommand({
  name: 'SHUTDOWN',
  summary: 'Ends the server, after saving what the configuration says is to be saved.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(N) when saving, N = keys in all databases; otherwise O(1)',
  arity: -1,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.noMulti | Flag.sentinel | Flag.allowBusy,
  args: [
    {
      name: 'save-selector',
      type: 'oneof',
      isOptional: true,
      args: ['nosave:pure-token token=NOSAVE', 'save:pure-token token=SAVE'],
    },
    'now:pure-token token=NOW since=7.0.0 optional',
    'force:pure-token token=FORCE since=7.0.0 optional',
    'abort:pure-token token=ABORT since=7.0.0 optional',
  ],
  history: [['7.0.0', 'Added the `NOW`, `FORCE` and `ABORT` modifiers.']],
  reply: 'ok',

  run(call) {
    const options = parse(call)
    if (options === undefined) return call.fail(ErrorReply.syntax)
    const { services } = call.store
    if (!services.has(serverControl)) return call.fail(ErrorReply.shutdownEmbedded)
    const control = services.get(serverControl)
    if (options.isAbort) {
      if (control.abortShutdown()) return call.reply.ok()
      return call.fail(ErrorReply.noShutdownInProgress)
    }
    if (!options.isNow && (call.client.gate & Gate.denyBlocking) !== 0) {
      return call.fail(ErrorReply.denyBlockingShutdown)
    }
    if (options.saves !== false && (call.store.state & State.busyScript) !== 0) return call.fail(ErrorReply.busyEval)
    const refusal = control.shutdown(options)
    if (refusal !== undefined) return call.fail(ErrorReply.shutdownRefused(refusal))
    call.client.gate |= Gate.blocked
  },
})

/** Undefined when the words make no sense together. */
function parse(call: Call): Options | undefined {
  const options: Options = { saves: undefined, isNow: false, isForced: false, isAbort: false }
  let isSave = false
  let isNosave = false
  for (let i = 1; i < call.argc; i++) {
    if (call.is(i, NOSAVE)) isNosave = true
    else if (call.is(i, SAVE)) isSave = true
    else if (call.is(i, NOW)) options.isNow = true
    else if (call.is(i, FORCE)) options.isForced = true
    else if (call.is(i, ABORT)) options.isAbort = true
    else return undefined
  }
  if (isSave && isNosave) return undefined
  if (options.isAbort && (isSave || isNosave || options.isNow || options.isForced)) return undefined
  if (isSave || isNosave) options.saves = isSave
  return options
}
