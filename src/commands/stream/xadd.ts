/** XADD. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { addStream } from '../../keyspace/types/stream.js'
import { ErrorReply } from '../../protocol/errors.js'
import { NODE_BYTES_MAX, type Stream } from '../../structures/stream.js'
import { assignId, incrementId, isIdMax, isIdZero, setIdMs, setIdZero, StreamId } from '../../structures/stream-id.js'
import { wordBytes } from '../../structures/stream-node.js'
import { idText, propagateWithId, replyId } from './reply.js'
import { exactTrim, IdGiven, Strategy, TrimArguments, trimStream, wordsOf } from './trim-arguments.js'

/**
 * XADD key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT count]] * | id | ms-* field value [field value …]
 *
 * Errors:  those of the options; wrong arity (fields without values); id 0-0; WRONGTYPE; no id left; id not above the last one;
 *          elements too large.
 * Effects: creates the key on demand; `xadd`, and `xtrim` when entries went; replicated with the id that the entry got, and with
 *          the length or first id that a coarse trim led to.
 */
export const xadd = defineCommand({
  name: 'XADD',
  summary: 'Adds an entry at the end of a stream, and trims it if asked to; a missing key becomes a stream.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1); trimming O(N), N = entries that go',
  arity: -5,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['stream'],
  keys: [
    {
      at: 1,
      last: 0,
      step: 1,
      access: Access.readWrite | Access.update,
      notes: 'UPDATE and not INSERT, because the stream may be trimmed',
    },
  ],
  args: [
    'key:key',
    'nomkstream:pure-token token=NOMKSTREAM optional since=6.2.0',
    {
      name: 'trim',
      type: 'block',
      isOptional: true,
      args: [
        {
          name: 'strategy',
          type: 'oneof',
          args: ['maxlen:pure-token token=MAXLEN', 'minid:pure-token token=MINID since=6.2.0'],
        },
        {
          name: 'operator',
          type: 'oneof',
          isOptional: true,
          args: ['equal:pure-token token==', 'approximately:pure-token token=~'],
        },
        'threshold:string',
        'count:integer token=LIMIT optional since=6.2.0',
      ],
    },
    { name: 'id-selector', type: 'oneof', args: ['auto-id:pure-token token=*', 'id:string'] },
    { name: 'data', type: 'block', isMultiple: true, args: ['field:string', 'value:string'] },
  ],
  tips: ['nondeterministic_output'],
  history: [
    ['6.2.0', 'Takes NOMKSTREAM, MINID and LIMIT.'],
    ['7.0.0', 'Takes ids of the form <ms>-*.'],
  ],
  reply: 'bulk|nil',

  run(call) {
    const at = options.read(call, true)
    if (at < 0) return
    const words = call.argc - at - 1
    if (words < 2 || words % 2 === 1) return call.fail(ErrorReply.wrongArity('xadd'))
    if (options.idGiven === IdGiven.whole && isIdZero(options.id)) return call.fail(ErrorReply.streamIdZero)
    add(call, at, words >>> 1)
  },
})

const options = new TrimArguments()
const id = new StreamId()
const now = new StreamId()

/** @param at  argument of the id; the fields follow */
function add(call: Call, at: number, fields: number): void {
  const { arena, bytes, database, ends, keyspace, starts } = call
  const { view } = keyspace.streams
  let entry = call.findWrite(1)
  const isNew = entry === 0
  if (!isNew && !call.hasType(entry, Type.stream)) return
  if (isNew && options.makesNoStream) return call.reply.nil()
  const total = wordBytes(call, at + 1, fields)
  if (isNew) {
    if (total > NODE_BYTES_MAX) return call.fail(ErrorReply.streamElementsTooLarge)
    entry = addStream(database, bytes, starts[1]!, ends[1]!)
    if (entry === 0) return call.fail(ErrorReply.outOfMemory)
    view.open(cellPointer(arena, entry))
  } else {
    view.open(cellPointer(arena, entry))
    view.readLastId(id)
    if (isIdMax(id)) return call.fail(ErrorReply.streamIdsExhausted)
  }
  const error = chooseId(call, view, total)
  if (error !== undefined) return call.fail(error)
  if (!isNew) database.beforeWrite(bytes, starts[1]!, ends[1]!)
  if (!view.append(id, call, at + 1, fields, total, keyspace.streams)) {
    if (isNew) database.remove(entry, false)
    return call.fail(ErrorReply.outOfMemory)
  }
  finish(call, view, at)
}

/** Sets `id` to that of the new entry. */
function chooseId(call: Call, stream: Stream, total: number): ErrorReply | undefined {
  if (options.idGiven === IdGiven.not) {
    setIdMs(now, call.nowMs)
    stream.nextId(now, id)
  } else {
    if (options.idGiven === IdGiven.ms) followMs(stream)
    else assignId(options.id, id)
    if (stream.compareLastId(id) >= 0) return ErrorReply.streamIdTooSmall
  }
  return total > NODE_BYTES_MAX ? ErrorReply.streamElementsTooLarge : undefined
}

/** Of a given time: the first sequence number, or the one behind the last if the last id is of that time. */
function followMs(stream: Stream): void {
  stream.readLastId(id)
  const isSameMs = id.msHigh === options.id.msHigh && id.msLow === options.id.msLow
  if (!isSameMs) return assignId(options.id, id)
  if ((id.seqHigh & id.seqLow) === -1) setIdZero(id)
  else incrementId(id)
}

function propagateTrim(call: Call, stream: Stream, at: number): void {
  const words = wordsOf(call)
  exactTrim(words, stream, options)
  words[at] = idText(id)
  call.propagateAs(words)
}

function finish(call: Call, stream: Stream, at: number): void {
  replyId(call.reply, id)
  call.changed(1, 'xadd')
  const isTrimmed = options.strategy !== Strategy.none
  if (isTrimmed) trimStream(call, stream, options)
  if (call.propagates) {
    if (options.isCoarse) propagateTrim(call, stream, at)
    else if (options.idGiven !== IdGiven.whole) propagateWithId(call, at, id)
  }
  call.store.blocking.keyFed(call.database, call.bytes, call.starts[1]!, call.ends[1]!)
}
