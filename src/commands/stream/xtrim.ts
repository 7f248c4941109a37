/** XTRIM. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { exactTrim, TrimArguments, trimStream, wordsOf } from './trim-arguments.js'

/**
 * XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT count]
 *
 * Errors:  those of the options; WRONGTYPE (key holds another type).
 * Effects: `xtrim` when entries went; a coarse trim is replicated as the exact one to which it came.
 */
export const xtrim = defineCommand({
  name: 'XTRIM',
  summary: 'Removes entries from the front of a stream.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N = entries that go; whole nodes of them go at once',
  arity: -4,
  flags: Flag.write,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: [
    'key:key',
    {
      name: 'trim',
      type: 'block',
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
  ],
  tips: ['nondeterministic_output'],
  history: [['6.2.0', 'Takes MINID and LIMIT.']],
  reply: 'integer',

  run(call) {
    if (options.read(call, false) < 0) return
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.stream)) return
    const { view } = call.keyspace.streams
    view.open(cellPointer(call.arena, entry))
    call.database.beforeQuietWrite(call.bytes, call.starts[1]!, call.ends[1]!)
    const removed = trimStream(call, view, options)
    call.changed(removed)
    if (removed > 0) call.database.markModified(call.bytes, call.starts[1]!, call.ends[1]!)
    if (removed > 0 && options.isCoarse && call.propagates) {
      const words = wordsOf(call)
      exactTrim(words, view, options)
      call.propagateAs(words)
    }
    call.reply.integer(removed)
  },
})

const options = new TrimArguments()
