/** PFDEBUG. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { REGISTERS } from '../../structures/hyperloglog-dense.js'
import { describeSparse } from '../../structures/hyperloglog-sparse.js'
import { Form, HEADER_BYTES } from '../../structures/hyperloglog.js'
import { sketch } from './registers.js'
import { Raised } from './sketch.js'

const GETREG = latin1Bytes('getreg')
const DECODE = latin1Bytes('decode')
const ENCODING = latin1Bytes('encoding')
const TODENSE = latin1Bytes('todense')

/**
 * PFDEBUG <GETREG | DECODE | ENCODING | TODENSE> key
 *
 * Errors:  no such key; WRONGTYPE (key holds another type, or a string that is no HyperLogLog); unknown subcommand; not sparse
 *          (DECODE); INVALIDOBJ (the runs of a sparse one do not add up).
 * Effects: GETREG and TODENSE make the value dense, which is no change of what it has seen, but is replicated as sent.
 */
export const pfdebug = defineCommand({
  name: 'PFDEBUG',
  summary: 'Shows the inside of a HyperLogLog.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1); a HyperLogLog has a fixed number of registers',
  arity: 3,
  flags: Flag.write | Flag.denyOom | Flag.admin,
  docFlags: ['syscmd'],
  acl: ['hyperloglog'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readWrite | Access.returnsData }],
  args: ['subcommand:string', 'key:key'],
  reply: 'array|bulk|simple|integer',

  run(call) {
    const entry = call.findWrite(2)
    if (entry === 0) return call.fail(ErrorReply.hyperLogLogNoKey)
    if (!sketch.showToChange(call, 2, entry)) return
    if (call.is(1, GETREG)) return showRegisters(call)
    if (call.is(1, DECODE)) return decode(call)
    if (call.is(1, ENCODING)) return call.reply.simple(sketch.form === Form.dense ? 'dense' : 'sparse')
    if (!call.is(1, TODENSE)) return call.fail(ErrorReply.hyperLogLogUnknownSubcommand(call.text(1)))
    const wasSparse = sketch.form === Form.sparse
    if (makeDense(call)) call.reply.integer(wasSparse ? 1 : 0)
  },
})

const registers = new Uint8Array(REGISTERS)

function showRegisters(call: Call): void {
  if (!makeDense(call)) return
  registers.fill(0)
  sketch.mergeInto(registers)
  call.reply.array(REGISTERS)
  for (let i = 0; i < REGISTERS; i++) call.reply.integer(registers[i]!)
}

function decode(call: Call): void {
  if (sketch.form !== Form.sparse) return call.fail(ErrorReply.hyperLogLogNotSparse)
  call.reply.bulkLatin1(describeSparse(sketch.bytes, sketch.start + HEADER_BYTES, sketch.end))
}

/** @returns false with the error replied */
function makeDense(call: Call): boolean {
  const outcome = sketch.makeDense(call)
  if (outcome < 0) {
    call.fail(outcome === Raised.noMemory ? ErrorReply.outOfMemory : ErrorReply.corruptHyperLogLog)
    return false
  }
  if (outcome === Raised.yes) call.changed(1)
  return true
}
