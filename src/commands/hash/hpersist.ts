/** HPERSIST. */

import type { Call } from '../../engine/call.js'
import { defineCommand, Flag } from '../../engine/command.js'
import type { EffectPart } from '../../engine/effects.js'
import { Type } from '../../keyspace/entry.js'
import { DueSet } from '../../keyspace/types/hash-view.js'
import { NEVER } from '../../keyspace/types/timed-hash.js'
import { ErrorReply } from '../../protocol/errors.js'
import { fieldArguments, isFieldsAt } from './field-arguments.js'
import { fieldExpiryKeys } from './field-expiry.js'

const MISSING = -2
const NO_TIME = -1
const PERSISTED = 1

/**
 * HPERSIST key FIELDS numfields field [field …]
 *
 * Errors:  syntax; not an integer; count of fields; WRONGTYPE (key holds another type).
 * Effects: `hpersist` when a field lost its expiry time; replicated with those fields.
 */
export const hpersist = defineCommand({
  name: 'HPERSIST',
  summary: 'Takes the expiry time away from fields of a hash.',
  since: '7.4.0',
  group: 'hash',
  complexity: 'O(N log M), N = fields given, M = fields with an expiry time',
  arity: -5,
  flags: Flag.write | Flag.fast,
  acl: ['hash'],
  keys: fieldExpiryKeys,
  args: ['key:key', fieldArguments],
  reply: 'array',

  run(call) {
    if (!isFieldsAt(call, 2)) return
    const entry = call.findWrite(1)
    if (entry !== 0 && !call.hasType(entry, Type.hash)) return
    const { bytes, database, ends, starts } = call
    const { view } = call.keyspace.hashes
    if (entry !== 0) view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
    outcomes.length = 0
    for (let i = 4; i < call.argc; i++) {
      const outcome = entry === 0 ? DueSet.missing : view.setDue(bytes, starts[i]!, ends[i]!, NEVER)
      outcomes.push(outcome)
      if (outcome === DueSet.noMemory) break
    }
    announce(call)
    if (outcomes[outcomes.length - 1] === DueSet.noMemory) return call.fail(ErrorReply.outOfMemory)
    call.reply.array(outcomes.length)
    for (let i = 0; i < outcomes.length; i++) call.reply.integer(replyOf(outcomes[i]!))
  },
})

const outcomes: number[] = []

function replyOf(outcome: number): number {
  if (outcome === DueSet.missing) return MISSING
  return outcome === DueSet.unchanged ? NO_TIME : PERSISTED
}

function announce(call: Call): void {
  const fields: EffectPart[] = []
  for (let i = 0; i < outcomes.length; i++) if (outcomes[i] === DueSet.changed) fields.push(call.copyBytes(4 + i))
  if (fields.length === 0) return
  call.changed(fields.length, 'hpersist')
  if (call.propagates) call.propagateAs(['HPERSIST', call.copyBytes(1), 'FIELDS', fields.length, ...fields])
}
