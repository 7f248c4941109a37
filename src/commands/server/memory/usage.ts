/** MEMORY USAGE. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { keyMemory } from '../../../introspection/memory-usage.js'
import { ErrorReply } from '../../../protocol/errors.js'

const SAMPLES = latin1Bytes('samples')
const SAMPLES_DEFAULT = 5

/**
 * MEMORY USAGE key [SAMPLES count]: nil when there is no such key. A key past its time counts until it is deleted.
 *
 * Errors: syntax (unknown word, negative count); not an integer (count).
 */
export const memoryUsage = defineCommand({
  name: 'USAGE',
  summary: 'Counts the bytes that a key and its value take up.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N), N = samples',
  arity: -3,
  flags: Flag.readOnly,
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key', 'count:integer token=SAMPLES optional'],
  reply: 'integer|nil',

  run(call) {
    const samples = readSamples(call)
    if (Number.isNaN(samples)) return
    const entry = call.database.find(call.bytes, call.starts[2]!, call.ends[2]!)
    if (entry === 0) return call.reply.nil()
    call.reply.integer(keyMemory(call.database, entry, samples))
  },
})

/** Infinity for all; NaN when the error has been replied. */
function readSamples(call: Call): number {
  let samples = SAMPLES_DEFAULT
  for (let i = 3; i < call.argc; i += 2) {
    if (!call.is(i, SAMPLES) || i + 1 === call.argc) {
      call.fail(ErrorReply.syntax)
      return NaN
    }
    samples = call.integer(i + 1)
    if (Number.isNaN(samples)) return NaN
    if (samples < 0) {
      call.fail(ErrorReply.syntax)
      return NaN
    }
    if (samples === 0) samples = Infinity
  }
  return samples
}
