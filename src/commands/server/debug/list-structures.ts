/** DEBUG subcommands about listpacks and quicklists. */

import { parseMemorySize } from '../../../base/memory-size.js'
import type { Call } from '../../../engine/call.js'
import { Encoding, encodingOf } from '../../../keyspace/entry.js'
import { cellPointer } from '../../../keyspace/types/cell.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { END, first, ListpackElement, next, readText, totalBytes } from '../../../structures/listpack.js'
import { latin1 } from '../../../base/bytes.js'
import { count, nodeTotal } from '../../../structures/quicklist.js'
import { type DebugSubcommand, debugSubcommand } from './subcommand.js'

/** A megabyte below 4 GB, where lengths of nodes would no longer fit. */
const THRESHOLD_MAX = 2n ** 32n - 2n ** 20n
/** Of a listpack at most so many elements are logged. */
const LOGGED_ELEMENTS_MAX = 1000

export const listSubcommands: readonly DebugSubcommand[] = [
  debugSubcommand(
    'LISTPACK',
    [3, 3],
    ['LISTPACK <key>', '    Writes the elements of a listpack to the log.'],
    showListpack,
  ),
  debugSubcommand(
    'QUICKLIST',
    [3, 4],
    ['QUICKLIST <key> [<0|1>]', '    Writes the shape of a quicklist to the log.'],
    showQuicklist,
  ),
  debugSubcommand(
    'QUICKLIST-PACKED-THRESHOLD',
    [3, 3],
    [
      'QUICKLIST-PACKED-THRESHOLD <size>',
      '    Gives list elements of that length and more a node of their own. 0 is the default of 1 GB.',
    ],
    (call) => {
      const bytes = parseMemorySize(call.text(2))
      if (bytes === undefined || bytes > THRESHOLD_MAX) return call.fail(ErrorReply.debugMemoryArgument)
      call.keyspace.lists.setLargeBytes(Number(bytes))
      call.reply.ok()
    },
  ),
]

function showListpack(call: Call): void {
  const { arena } = call
  const entry = findListed(call)
  if (entry === 0) return
  if (encodingOf(arena, entry) !== Encoding.listpack) return call.fail(ErrorReply.debugNotListpack)
  const listpack = cellPointer(arena, entry)
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]!
  const start = (listpack & OFFSET_MASK) << 3
  const element = new ListpackElement()
  const lines = [`listpack of ${totalBytes(bytes, start)} bytes`]
  for (let at = first(start); bytes[at] !== END && lines.length <= LOGGED_ELEMENTS_MAX; at = next(bytes, at)) {
    readText(bytes, at, element)
    const kind = element.isInteger ? 'integer' : 'string'
    lines.push(`${at - start}: ${kind} ${latin1(element.bytes, element.start, element.end)}`)
  }
  call.store.environment.log.write('warning', lines.join('\n'))
  call.reply.simple('Listpack structure printed on stdout')
}

function showQuicklist(call: Call): void {
  const { arena } = call
  const entry = findListed(call)
  if (entry === 0) return
  if (encodingOf(arena, entry) !== Encoding.quicklist) return call.fail(ErrorReply.debugNotQuicklist)
  const list = cellPointer(arena, entry)
  call.store.environment.log.write(
    'warning',
    `quicklist of ${count(arena, list)} elements in ${nodeTotal(arena, list)} nodes`,
  )
  call.reply.simple('Quicklist structure printed on stdout')
}

function findListed(call: Call): Pointer {
  const entry = call.peek(2)
  if (entry === 0) call.fail(ErrorReply.noSuchKey)
  return entry
}
