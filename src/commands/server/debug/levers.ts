/** DEBUG subcommands that make the server wait, stop parts of it, or change how it works. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { randomId } from '../../../engine/server-control.js'
import { infoFigures } from '../../../introspection/info/figures.js'
import { defineError, ErrorReply } from '../../../protocol/errors.js'
import { type DebugSubcommand, debugSubcommand, leadingInteger } from './subcommand.js'

const PEAK_RESET_TIME = latin1Bytes('peak-reset-time')
const RESIZING = latin1Bytes('resizing')
const NEVER = latin1Bytes('never')
const RESET = latin1Bytes('reset')
/** How long a reply buffer's peak counts by default. */
const PEAK_RESET_MS = 5000

export const leverSubcommands: readonly DebugSubcommand[] = [
  debugSubcommand(
    'CHANGE-REPL-ID',
    [2, 2],
    ['CHANGE-REPL-ID', '    Gives this server new replication ids, as if its past were forgotten.'],
    (call) => {
      call.store.environment.log.write('notice', 'Changing replication IDs after receiving DEBUG change-repl-id')
      const id = randomId(call.keyspace.random)
      call.store.services.get(infoFigures).supply('master_replid', () => id)
      call.reply.ok()
    },
  ),
  debugSubcommand(
    'CONFIG-REWRITE-FORCE-ALL',
    [2, 2],
    ['CONFIG-REWRITE-FORCE-ALL', '    As CONFIG REWRITE, and writes parameters at their default as well.'],
    (call) => {
      const error = call.store.config.rewriteFile(true)
      if (error === undefined) call.reply.ok()
      else call.fail(ErrorReply.debugConfigRewrite(error.text))
    },
  ),
  debugSubcommand(
    'ERROR',
    [3, 3],
    ['ERROR <text>', '    Replies with an error of that text.'],
    (call) => call.reply.error(errorOf(call.text(2))), // counted nowhere, as it is none
  ),
  debugSubcommand('LEAK', [3, 3], ['LEAK <text>', '    Loses a block of memory with that text for good.'], (call) => {
    if (call.length(2) > 0) call.arena.allocate(call.length(2))
    call.reply.ok()
  }),
  debugSubcommand('LOG', [3, 3], ['LOG <text>', '    Writes a line to the log.'], (call) => {
    call.store.environment.log.write('warning', `DEBUG LOG: ${call.text(2)}`)
    call.reply.ok()
  }),
  debugSubcommand(
    'PAUSE-CRON',
    [3, 3],
    ['PAUSE-CRON <0|1>', '    Lets the background rounds stand still (1) or go on (0).'],
    (call) => {
      const isPaused = leadingInteger(call.text(2)) !== 0
      call.store.isCronPaused = isPaused
      call.reply.ok()
    },
  ),
  debugSubcommand(
    'REPLYBUFFER',
    [4, 4],
    [
      'REPLYBUFFER PEAK-RESET-TIME <NEVER|RESET|milliseconds>',
      "    Sets how long the largest use of a client's reply buffer counts.",
      'REPLYBUFFER RESIZING <0|1>',
      '    Lets the size of reply buffers follow their use, or not.',
    ],
    setReplyBuffer,
  ),
  debugSubcommand(
    'SET-ACTIVE-EXPIRE',
    [3, 3],
    ['SET-ACTIVE-EXPIRE <0|1>', '    Turns the search for expired keys in the background off or on.'],
    (call) => {
      call.keyspace.expiresActively = leadingInteger(call.text(2)) !== 0
      call.reply.ok()
    },
  ),
  debugSubcommand(
    'SLEEP',
    [3, 3],
    ['SLEEP <seconds>', '    Stops the server for that long. Decimals are allowed.'],
    (call) => {
      const seconds = call.float(2)
      if (seconds > 0) call.store.environment.host.blockMs(seconds * 1000)
      call.reply.ok()
    },
  ),
]

function setReplyBuffer(call: Call): void {
  const { clients } = call.store
  if (call.is(2, RESIZING)) clients.resizesReplyBuffers = leadingInteger(call.text(3)) !== 0
  else if (!call.is(2, PEAK_RESET_TIME)) return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'debug'))
  else if (call.is(3, NEVER)) clients.replyPeakMs = -1
  else if (call.is(3, RESET)) clients.replyPeakMs = PEAK_RESET_MS
  else {
    const milliseconds = call.integer(3)
    if (Number.isNaN(milliseconds)) return
    clients.replyPeakMs = milliseconds
  }
  call.reply.ok()
}

/** The first word is the code, as in every error. */
function errorOf(text: string): ErrorReply {
  const blank = text.indexOf(' ')
  return blank < 0 ? defineError(text, '') : defineError(text.slice(0, blank), text.slice(blank + 1))
}
